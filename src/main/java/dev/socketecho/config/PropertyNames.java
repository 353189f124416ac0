package dev.socketecho.config;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;

/**
 * Names of properties as a user writes them. What users name themselves, such as a server
 * {@code My_Server}, stays as it is; Spring Boot's own messages have it in its canonical
 * form, {@code myserver}.
 */
final class PropertyNames {

	/** A key of a map or an index of a list; or where a word begins. */
	private static final Pattern KEY_OR_WORD = Pattern.compile("\\[([^]]*)]|[A-Z]");

	private PropertyNames() {
	}

	/**
	 * Returns a name in the form that it has in its source.
	 */
	static String written(ConfigurationPropertyName name) {
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
	 * Turns the Java path {@code tcp.servers[My_Line].maxMessageSize} into the name
	 * {@code tcp.servers.My_Line.max-message-size}.
	 */
	static String configured(String path) {
		return KEY_OR_WORD.matcher(path)
			.replaceAll((found) -> (found.group(1) != null) ? Matcher.quoteReplacement("." + found.group(1))
					: "-" + found.group().toLowerCase(Locale.ROOT));
	}

	/**
	 * Returns the name by which the sources of properties are asked.
	 * @param name a name as a user writes it
	 */
	static ConfigurationPropertyName parse(String name) {
		return ConfigurationPropertyName.adapt(name, '.');
	}

}
