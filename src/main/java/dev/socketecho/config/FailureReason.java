package dev.socketecho.config;

import java.io.FileNotFoundException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

import org.springframework.core.NestedExceptionUtils;

/**
 * Describes why an SSL bundle cannot be used. The messages of the JDK's exceptions for
 * files are often just a path.
 */
public final class FailureReason {

	private FailureReason() {
	}

	/**
	 * Describes a failure by its innermost cause.
	 * @param failure what was thrown
	 * @return the reason, as the end of a sentence
	 */
	public static String of(Throwable failure) {
		Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
		String message = cause.getMessage();
		return switch (cause) {
			case NoSuchFileException missing -> "there is no file " + missing.getFile();
			case AccessDeniedException denied -> "no permission to read " + denied.getFile();
			// Spring's FileSystemResource throws it for a missing file. The message is
			// then the path.
			case FileNotFoundException _ when message != null && !message.endsWith(")")
					&& !message.contains(" cannot be ") ->
				"there is no file " + message;
			case FileSystemException file when file.getReason() == null ->
				"cannot read " + file.getFile() + ": " + file.getClass().getSimpleName();
			default -> (message != null) ? message : cause.getClass().getSimpleName();
		};
	}

}
