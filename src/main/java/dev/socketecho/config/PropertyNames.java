package dev.socketecho.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Names of properties as users write them, for messages. The name of a server
 * {@code My_Server} stays as it is; Spring Boot's own messages have its canonical form,
 * {@code myserver}.
 */
public final class PropertyNames {

	/**
	 * Matches a server's, client's, probe's or fault's name in brackets, the empty
	 * brackets of an element of a set, or the capital letter that begins a word.
	 */
	private static final Pattern NAME_OR_WORD = Pattern
		.compile("(?<=servers|clients|probes|faults)\\[([^]]*)]|\\[]|([A-Z])");

	/** A component whose name differs, since {@code for} is a keyword of Java. */
	private static final Pattern LIFETIME = Pattern.compile("(?<=faults\\[[a-z0-9-]{1,32}]\\.)lifetime$");

	private PropertyNames() {
	}

	/**
	 * Returns a name in the form that it has in its source.
	 * @param name a name as Spring Boot has it
	 * @return the name as the user wrote it
	 */
	public static String written(ConfigurationPropertyName name) {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < name.getNumberOfElements(); i++) {
			String element = name.getElement(i, Form.ORIGINAL);
			if (name.isNumericIndex(i)) {
				text.append('[').append(element).append(']');
			}
			else {
				text.append(text.isEmpty() ? "" : ".").append(element);
			}
		}
		return text.toString();
	}

	/**
	 * Converts the Java path {@code tcp.servers[My_Line].maxMessageSize} to the name
	 * {@code tcp.servers.My_Line.max-message-size}. Indexes of lists stay:
	 * {@code allow[1]}.
	 * @param path a path as constraints have it
	 * @return the name as the user wrote it
	 */
	public static String configured(String path) {
		return NAME_OR_WORD.matcher(LIFETIME.matcher(path).replaceAll("for")).replaceAll((found) -> {
			if (found.group(1) != null) {
				return Matcher.quoteReplacement("." + found.group(1));
			}
			return (found.group(2) != null) ? "-" + found.group(2).toLowerCase(Locale.ROOT) : "";
		});
	}

	/**
	 * Returns the name by which Spring Boot finds a property in its sources.
	 * @param name a name as a user writes it
	 * @return the name as Spring Boot has it
	 */
	public static ConfigurationPropertyName parse(String name) {
		return ConfigurationPropertyName.adapt(name, '.');
	}

}
