package dev.socketecho.config.diagnostics;

import java.util.List;
import java.util.stream.StreamSupport;

import dev.socketecho.config.ConversionReason;
import dev.socketecho.config.PropertyNames;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/**
 * Says which property of {@code echo} is wrong, by the name that it has in the
 * configuration file, with its value, origin and the reason.
 * <p>
 * Spring Boot has analyzers for the same exceptions. They name an entry of a map by its
 * Java path, without the origin, or in small letters only, and an unknown property by the
 * class that it was bound to. So this one comes first.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class InvalidPropertiesFailureAnalyzer implements FailureAnalyzer {

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("echo");

	private final Environment environment;

	InvalidPropertiesFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	public @Nullable FailureAnalysis analyze(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			List<InvalidProperty> mistakes = mistakes(cause);
			if (!mistakes.isEmpty()) {
				return InvalidProperty.analysis(mistakes,
						"Correct these properties; docs/configuration.md lists them all.", cause);
			}
		}
		return null;
	}

	private List<InvalidProperty> mistakes(Throwable failure) {
		return switch (failure) {
			case BindValidationException invalid when PREFIX.equals(invalid.getValidationErrors().getName()) ->
				StreamSupport.stream(invalid.getValidationErrors().spliterator(), false)
					.map(this::ofConstraint)
					.toList();
			case InvalidConfigurationPropertyValueException invalid when invalid.getName().startsWith(PREFIX + ".") ->
				List.of(InvalidProperty.of(this.environment, invalid.getName(), invalid.getValue(),
						invalid.getReason()));
			case BindException unbindable when isOfAValue(unbindable) -> List.of(ofConversion(unbindable));
			case UnboundConfigurationPropertiesException unknown -> unknown.getUnboundProperties()
				.stream()
				.map((property) -> new InvalidProperty(PropertyNames.written(property.getName()), property.getValue(),
						property.getOrigin(), "there is no such property"))
				.toList();
			default -> List.of();
		};
	}

	/**
	 * Tells whether a value cannot be converted. If a constraint is violated or a
	 * property is unknown, the cause of the exception says so, and is analyzed next.
	 */
	private static boolean isOfAValue(BindException unbindable) {
		return PREFIX.isAncestorOf(unbindable.getName()) && !(unbindable.getCause() instanceof BindValidationException)
				&& !(unbindable.getCause() instanceof UnboundConfigurationPropertiesException);
	}

	private InvalidProperty ofConstraint(ObjectError error) {
		String reason = error.getDefaultMessage();
		return (error instanceof FieldError field) ? InvalidProperty.of(this.environment,
				PREFIX + "." + PropertyNames.configured(field.getField()), field.getRejectedValue(), reason)
				: new InvalidProperty(PREFIX.toString(), null, null, reason);
	}

	private static InvalidProperty ofConversion(BindException unbindable) {
		ConfigurationProperty property = unbindable.getProperty();
		return new InvalidProperty(PropertyNames.written(unbindable.getName()),
				(property != null) ? property.getValue() : null, (property != null) ? property.getOrigin() : null,
				ConversionReason.of(unbindable));
	}

}
