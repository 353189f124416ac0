package dev.socketecho.config;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;

/**
 * Says why the value of a property cannot be converted to the property's type: at start,
 * and when faults are set over HTTP.
 */
public final class ConversionReason {

	private ConversionReason() {
	}

	/**
	 * Describes why a value cannot be converted.
	 * @param unbindable what Spring Boot throws for it
	 * @return the reason, as a whole sentence or a part of one
	 */
	public static @Nullable String of(BindException unbindable) {
		String message = NestedExceptionUtils.getMostSpecificCause(unbindable).getMessage();
		for (Throwable cause = unbindable; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion) {
				return reason(conversion.getSourceType(), conversion.getTargetType().getType(), message);
			}
		}
		return message;
	}

	private static @Nullable String reason(@Nullable TypeDescriptor source, Class<?> target, @Nullable String message) {
		Object[] constants = target.getEnumConstants();
		if (constants == null && target.getName().startsWith("dev.socketecho.")) {
			// Our own types say it in a whole sentence.
			return message;
		}
		return "failed to convert %s to %s: %s".formatted((source != null) ? source.getName() : "nothing",
				target.getName(), (constants != null) ? "it is none of " + Arrays.toString(constants) : message);
	}

}
