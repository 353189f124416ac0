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
public final class PropertyNames {

	/** A name that users give; an element of a set; or where a word begins. */
	private static final Pattern NAME_OR_WORD = Pattern.compile("(?<=servers|clients|probes)\\[([^]]*)]|\\[]|([A-Z])");

	private PropertyNames() {
	}

	/**
	 * Returns a name in the form that it has in its source.
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
	 * Turns the Java path {@code tcp.servers[My_Line].maxMessageSize} into the name
	 * {@code tcp.servers.My_Line.max-message-size}. Indexes of lists stay:
	 * {@code allow[1]}.
	 */
	public static String configured(String path) {
		return NAME_OR_WORD.matcher(path).replaceAll((found) -> {
			if (found.group(1) != null) {
				return Matcher.quoteReplacement("." + found.group(1));
			}
			return (found.group(2) != null) ? "-" + found.group(2).toLowerCase(Locale.ROOT) : "";
		});
	}

	/**
	 * Returns the name by which the sources of properties are asked.
	 * @param name a name as a user writes it
	 */
	public static ConfigurationPropertyName parse(String name) {
		return ConfigurationPropertyName.adapt(name, '.');
	}

}
