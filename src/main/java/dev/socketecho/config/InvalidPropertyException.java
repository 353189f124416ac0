package dev.socketecho.config;

import org.jspecify.annotations.Nullable;

/**
 * A property is well-formed, but what it refers to is not there or is of no use.
 */
public class InvalidPropertyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String property;

	private final String value;

	private final String reason;

	InvalidPropertyException(String property, String value, String reason, @Nullable Throwable cause) {
		super("%s: \"%s\": %s".formatted(property, value, reason), cause);
		this.property = property;
		this.value = value;
		this.reason = reason;
	}

	public String getProperty() {
		return this.property;
	}

	public String getValue() {
		return this.value;
	}

	public String getReason() {
		return this.reason;
	}

}
