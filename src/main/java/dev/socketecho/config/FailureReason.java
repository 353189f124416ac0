package dev.socketecho.config;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

import org.springframework.core.NestedExceptionUtils;

/**
 * Says why files of an SSL bundle cannot be used. The messages of the JDK's exceptions
 * for files are a path and nothing else.
 */
public final class FailureReason {

	private FailureReason() {
	}

	public static String of(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		return switch (cause) {
			case NoSuchFileException missing -> "there is no file " + missing.getFile();
			case AccessDeniedException denied -> "no permission to read " + denied.getFile();
			// Spring's FileSystemResource makes it of the first one; its message is the
			// path.
			case FileNotFoundException _ when message != null && !message.endsWith(")")
					&& !message.contains(" cannot be ") ->
				"there is no file " + message;
			case FileSystemException file when file.getReason() == null ->
				"cannot read " + file.getFile() + ": " + file.getClass().getSimpleName();
			default -> (message != null) ? message : cause.getClass().getSimpleName();
		};
	}

}
