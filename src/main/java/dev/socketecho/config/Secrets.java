package dev.socketecho.config;

import java.util.regex.Pattern;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Keeps secrets, such as {@code stamp.hmac-key}, out of what the service shows: of the
 * actuator's endpoints, whatever {@code show-values} says, and of the analysis of a start
 * that has failed.
 */
public final class Secrets {

	/**
	 * What is shown instead of a secret.
	 */
	public static final String HIDDEN = "******";

	/** Servers, clients and probes have the names that the user gives them. */
	private static final Pattern PREFIX = Pattern.compile("^echo\\.((tcp|udp)\\.(servers|clients)|probes)\\.[^.]+");

	private static final Pattern SECRET_NAME = Pattern.compile("key|secret|passw|token", Pattern.CASE_INSENSITIVE);

	/** A key within a value, such as a command line, or a configuration in JSON. */
	private static final Pattern KEY_WITHIN = Pattern.compile("hmac[-_]?key", Pattern.CASE_INSENSITIVE);

	private Secrets() {
	}

	/**
	 * Returns what may be shown of the value of a property. A mistake in the name of a
	 * secret does not make it one that may be shown.
	 * @param name the property's name, as the user wrote it
	 * @param value its value as text
	 * @return the value, or {@link #HIDDEN}; nothing is hidden of an empty value
	 */
	public static String shown(String name, String value) {
		boolean secret = !value.isEmpty() && SECRET_NAME.matcher(PREFIX.matcher(name).replaceFirst("")).find();
		return secret ? HIDDEN : value;
	}

	/**
	 * Hides the values of secrets, and those that have a secret in them, in the endpoints
	 * {@code env} and {@code configprops}.
	 */
	static SanitizingFunction sanitizer() {
		return SanitizingFunction.sanitizeValue()
			.ifLikelySensitive()
			.ifValueStringMatches((value) -> KEY_WITHIN.matcher(value).find());
	}

}
