package dev.socketecho.config.diagnostics;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import dev.socketecho.config.InvalidPropertyException;
import dev.socketecho.config.PropertyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.origin.Origin;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;

/**
 * Says which property is wrong, under the name that it has in a configuration file, with
 * its value, origin and the reason. Spring Boot's own analyzers name an entry of a map by
 * its Java path, without the origin, or in small letters only, and an unknown property by
 * the class it was bound to.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertiesFailureAnalyzer implements FailureAnalyzer {

	private static final String PREFIX = "echo";

	private final Environment environment;

	InvalidPropertiesFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof BindValidationException invalid
					&& PREFIX.equals(invalid.getValidationErrors().getName().toString())) {
				return analysis(StreamSupport.stream(invalid.getValidationErrors().spliterator(), false)
					.map((error) -> describe((error instanceof FieldError field) ? field : null,
							error.getDefaultMessage()))
					.collect(Collectors.joining("%n%n".formatted())), invalid);
			}
			if (cause instanceof InvalidPropertyException invalid) {
				return analysis(describe(invalid.getProperty(), invalid.getValue(), origin(invalid.getProperty()),
						invalid.getReason()), invalid);
			}
			if (cause instanceof BindException unbindable && isOwnValue(unbindable)) {
				return analysis(describe(unbindable), unbindable);
			}
			if (cause instanceof UnboundConfigurationPropertiesException unknown) {
				return analysis(unknown.getUnboundProperties()
					.stream()
					.map((property) -> describe(PropertyNames.written(property.getName()), property.getValue(),
							property.getOrigin(), "there is no such property"))
					.collect(Collectors.joining("%n%n".formatted())), unknown);
			}
		}
		return null;
	}

	/**
	 * Whether it is a value that does not fit; what does not validate, and what is
	 * unknown, are causes of such exceptions.
	 */
	private static boolean isOwnValue(BindException unbindable) {
		return ConfigurationPropertyName.of(PREFIX).isAncestorOf(unbindable.getName())
				&& !(unbindable.getCause() instanceof BindValidationException)
				&& !(unbindable.getCause() instanceof UnboundConfigurationPropertiesException);
	}

	private FailureAnalysis analysis(String properties, Throwable cause) {
		return new FailureAnalysis("The configuration is not valid:%n%n%s".formatted(properties),
				"Correct these properties; docs/configuration.md lists them all.", cause);
	}

	private String describe(@Nullable FieldError error, @Nullable String reason) {
		if (error == null) {
			return describe(PREFIX, null, null, reason);
		}
		String name = PREFIX + "." + PropertyNames.configured(error.getField());
		return describe(name, error.getRejectedValue(), origin(name), reason);
	}

	private static String describe(String name, @Nullable Object value, @Nullable Origin origin,
			@Nullable String reason) {
		return "    Property: %s%n    Value: %s%n    Origin: %s%n    Reason: %s".formatted(name,
				(value != null) ? "\"" + value + "\"" : "(none)", (origin != null) ? origin : "(not set)", reason);
	}

	/**
	 * Describes a value that is not of the property's type.
	 */
	private static String describe(BindException unbindable) {
		ConfigurationProperty property = unbindable.getProperty();
		return describe(PropertyNames.written(unbindable.getName()), (property != null) ? property.getValue() : null,
				(property != null) ? property.getOrigin() : null, reason(unbindable));
	}

	private static @Nullable String reason(BindException unbindable) {
		String message = NestedExceptionUtils.getMostSpecificCause(unbindable).getMessage();
		for (Throwable cause = unbindable; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion) {
				TypeDescriptor source = conversion.getSourceType();
				Object[] values = conversion.getTargetType().getType().getEnumConstants();
				return "failed to convert %s to %s: %s".formatted((source != null) ? source.getName() : "nothing",
						conversion.getTargetType().getName(),
						(values != null) ? "it is none of " + Arrays.toString(values) : message);
			}
		}
		return message;
	}

	private @Nullable Origin origin(String name) {
		ConfigurationPropertyName propertyName = PropertyNames.parse(name);
		return StreamSupport.stream(ConfigurationPropertySources.get(this.environment).spliterator(), false)
			.map((source) -> source.getConfigurationProperty(propertyName))
			.filter((property) -> property != null)
			.map(Origin::from)
			.findFirst()
			.orElse(null);
	}

}
