package dev.socketecho.config.diagnostics;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import dev.socketecho.config.PropertyNames;
import dev.socketecho.config.Secrets;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.origin.Origin;
import org.springframework.core.env.Environment;

/**
 * A mistake in the configuration, in the one form that all analyzers print.
 *
 * @param name the property's name, as the user wrote it
 * @param value its value, {@code null} if it has none; a secret is not shown
 * @param origin where the value is from, {@code null} if the property is not set
 * @param reason what is wrong with the value
 */
record InvalidProperty(String name, @Nullable Object value, @Nullable Origin origin, @Nullable String reason) {

	/**
	 * Creates a mistake, and looks up where the value is from.
	 * @param environment the sources of the configuration
	 * @param name the property's name, as the user wrote it
	 * @param value its value, {@code null} if it has none
	 * @param reason what is wrong with the value
	 * @return the mistake
	 */
	static InvalidProperty of(Environment environment, String name, @Nullable Object value, @Nullable String reason) {
		ConfigurationPropertyName propertyName = PropertyNames.parse(name);
		Origin origin = StreamSupport.stream(ConfigurationPropertySources.get(environment).spliterator(), false)
			.map((source) -> source.getConfigurationProperty(propertyName))
			.filter((property) -> property != null)
			.map(Origin::from)
			.findFirst()
			.orElse(null);
		return new InvalidProperty(name, value, origin, reason);
	}

	/**
	 * Describes mistakes.
	 * @param mistakes at least one
	 * @param action what the user can do
	 * @param cause the exception that was thrown for them
	 * @return what Spring Boot prints instead of a stack trace
	 */
	static FailureAnalysis analysis(List<InvalidProperty> mistakes, String action, Throwable cause) {
		return new FailureAnalysis("The configuration is not valid:%n%n%s".formatted(
				mistakes.stream().map(InvalidProperty::describe).collect(Collectors.joining("%n%n".formatted()))),
				action, cause);
	}

	private String describe() {
		return "    Property: %s%n    Value: %s%n    Origin: %s%n    Reason: %s".formatted(this.name,
				(this.value != null) ? "\"" + Secrets.shown(this.name, this.value.toString()) + "\"" : "(none)",
				(this.origin != null) ? this.origin : "(not set)", this.reason);
	}

}
