package dev.socketecho.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

import dev.socketecho.actuate.FaultParser;
import dev.socketecho.config.properties.FaultProperties;
import dev.socketecho.config.properties.ServerFaultsProperties;
import dev.socketecho.server.EchoServer;
import dev.socketecho.server.FaultSetting;
import dev.socketecho.server.TcpEchoServer;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.http.HttpStatus;
import org.springframework.validation.DirectFieldBindingResult;
import org.springframework.validation.FieldError;
import org.springframework.validation.Validator;
import org.springframework.web.server.ResponseStatusException;

/**
 * Binds faults that a caller of {@code /actuator/faults} sets, by the same rules and with
 * the same reasons for mistakes as the configuration. Not on an event loop.
 */
final class FaultBinder implements FaultParser {

	private static final String FAULTS = "faults";

	/** The most characters of a wrong name or value that an answer repeats. */
	private static final int REPEATED = 100;

	private final Validator validator;

	/**
	 * Creates a binder.
	 * @param validator validates the properties
	 */
	FaultBinder(Validator validator) {
		this.validator = validator;
	}

	@Override
	public List<FaultSetting> parse(EchoServer server, Map<String, Object> faults) {
		Map<String, Object> values = new LinkedHashMap<>();
		faults.forEach((name, fault) -> flatten(name, fault, values));
		Map<String, FaultProperties> bound = bind(values);
		validate(new ServerFaultsProperties(bound,
				(server instanceof TcpEchoServer tcp) ? tcp.connectionFactory().settings().framing().framing() : null),
				values);
		return FaultMapper.settings(bound, !(server instanceof TcpEchoServer));
	}

	/**
	 * Adds the properties of a fault by names such as {@code faults[slow].after-bytes}.
	 */
	private static void flatten(String name, @Nullable Object fault, Map<String, Object> values) {
		if (!name.matches(FaultProperties.NAME)) {
			throw invalid(mistake(FAULTS + "." + name, null, FaultProperties.NAME_MESSAGE));
		}
		String prefix = "%s[%s]".formatted(FAULTS, name);
		if (!(fault instanceof Map<?, ?> properties) || properties.isEmpty()) {
			throw invalid(mistake(FAULTS + "." + name + ".type", null, "is required"));
		}
		properties.forEach((key, value) -> {
			String property = String.valueOf(key);
			if (!property.matches("[A-Za-z][A-Za-z_-]*")) {
				throw invalid(mistake(FAULTS + "." + name + "." + property, null, "there is no such property"));
			}
			if (value instanceof List<?> list && !list.isEmpty()) {
				for (int i = 0; i < list.size(); i++) {
					values.put("%s.%s[%d]".formatted(prefix, property, i), scalar(name, property, list.get(i)));
				}
			}
			else {
				// As in a file, an empty list is an empty text. Without it, a fault that
				// has
				// nothing else would be lost.
				values.put(prefix + "." + property, List.of().equals(value) ? "" : scalar(name, property, value));
			}
		});
	}

	private static String scalar(String name, String property, @Nullable Object value) {
		if (value instanceof Map || value instanceof List) {
			throw invalid(mistake("%s.%s.%s".formatted(FAULTS, name, property), null,
					"must be a text, a number or a boolean"));
		}
		return (value != null) ? value.toString() : "";
	}

	private static Map<String, FaultProperties> bind(Map<String, Object> values) {
		Binder binder = new Binder(new MapConfigurationPropertySource(values));
		try {
			return binder
				.bind(ConfigurationPropertyName.of(FAULTS), Bindable.mapOf(String.class, FaultProperties.class),
						new NoUnboundElementsBindHandler(BindHandler.DEFAULT))
				.orElse(Map.of());
		}
		catch (BindException ex) {
			throw (ex.getCause() instanceof UnboundConfigurationPropertiesException unknown) ? ofUnknown(unknown)
					: ofConversion(ex);
		}
	}

	private static ResponseStatusException ofUnknown(UnboundConfigurationPropertiesException unknown) {
		return invalid(unknown.getUnboundProperties()
			.stream()
			.map((property) -> mistake(PropertyNames.written(property.getName()), property.getValue(),
					"".equals(property.getValue()) ? "has no value" : "there is no such property"))
			.sorted()
			.collect(Collectors.joining("; ")));
	}

	private static ResponseStatusException ofConversion(BindException ex) {
		Object value = (ex.getProperty() != null) ? ex.getProperty().getValue() : null;
		return invalid(mistake(PropertyNames.written(ex.getName()), value, expected(ex)));
	}

	/**
	 * The reason; for a word that is none of several, these words.
	 */
	private static @Nullable String expected(BindException ex) {
		for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
			if (cause instanceof ConversionFailedException conversion) {
				Class<?> type = conversion.getTargetType().getType();
				if (type.getEnumConstants() != null) {
					return "expected: " + FaultText.words(type);
				}
			}
		}
		return ConversionReason.of(ex);
	}

	private void validate(ServerFaultsProperties faults, Map<String, Object> values) {
		DirectFieldBindingResult result = new DirectFieldBindingResult(faults, FAULTS);
		this.validator.validate(faults, result);
		if (result.hasErrors()) {
			List<String> mistakes = new ArrayList<>();
			for (FieldError error : result.getFieldErrors()) {
				String name = PropertyNames.configured(error.getField());
				mistakes.add(mistake(name, written(name, values), error.getDefaultMessage()));
			}
			throw invalid(String.join("; ", new TreeSet<>(mistakes)));
		}
	}

	/**
	 * The value as the caller wrote it.
	 */
	private static @Nullable Object written(String name, Map<String, Object> values) {
		ConfigurationProperty property = new MapConfigurationPropertySource(values)
			.getConfigurationProperty(PropertyNames.parse(name));
		return (property != null) ? property.getValue() : null;
	}

	private static String mistake(String name, @Nullable Object value, @Nullable String reason) {
		return (value != null) ? "%s: '%s' (%s)".formatted(cut(name), cut(value.toString()), reason)
				: "%s: %s".formatted(cut(name), reason);
	}

	private static String cut(String text) {
		return (text.length() <= REPEATED) ? text : text.substring(0, REPEATED) + "...";
	}

	private static ResponseStatusException invalid(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

}
