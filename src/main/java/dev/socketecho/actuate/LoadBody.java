package dev.socketecho.actuate;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.socketecho.load.LoadSettings;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * The body that starts a load run. A property that is misspelt is a mistake: a rate that
 * is passed over in silence would be a run at full speed.
 */
final class LoadBody {

	private static final List<String> NAMES = List.of("rate", "connections", "outstanding", "payloadSize", "duration",
			"warmUp");

	/** A number without a unit could be seconds or milliseconds. */
	private static final Pattern WITHOUT_UNIT = Pattern.compile("[+-]?\\d+");

	private static final int LONGEST_VALUE = 100;

	private static final JsonMapper json = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final Map<?, ?> values;

	private LoadBody(Map<?, ?> values) {
		this.values = values;
	}

	/**
	 * Reads a body. What is not given, or null, has its default.
	 * @throws ResponseStatusException 400, whose reason names the property, its value and
	 * what is expected
	 */
	static LoadSettings parse(byte[] body) {
		Object value;
		try {
			value = json.readValue(body, Object.class);
		}
		catch (JacksonException ex) {
			throw mistake("The body is not JSON: %s".formatted(ex.getOriginalMessage()));
		}
		if (!(value instanceof Map<?, ?> values)) {
			throw mistake("The body must be a JSON object.");
		}
		for (Object name : values.keySet()) {
			if (!NAMES.contains(name)) {
				throw mistake("%s: there is no such property (expected: %s)".formatted(shortened(String.valueOf(name)),
						String.join(", ", NAMES)));
			}
		}
		return new LoadBody(values).settings();
	}

	private LoadSettings settings() {
		return new LoadSettings(integer("rate"), integer("connections", LoadSettings.CONNECTIONS),
				integer("outstanding", LoadSettings.OUTSTANDING), integer("payloadSize", LoadSettings.PAYLOAD_SIZE),
				duration("duration", LoadSettings.DURATION), duration("warmUp", LoadSettings.WARM_UP));
	}

	private int integer(String name, int byDefault) {
		Integer value = integer(name);
		return (value != null) ? value : byDefault;
	}

	private @Nullable Integer integer(String name) {
		Object value = this.values.get(name);
		if (value == null || value instanceof Integer) {
			return (Integer) value;
		}
		throw wrong(name, value, "an integer up to " + Integer.MAX_VALUE);
	}

	private Duration duration(String name, Duration byDefault) {
		Object value = this.values.get(name);
		if (value == null) {
			return byDefault;
		}
		if (value instanceof String text && !WITHOUT_UNIT.matcher(text).matches()) {
			try {
				return DurationStyle.detectAndParse(text);
			}
			catch (IllegalArgumentException | ArithmeticException | DateTimeParseException ex) {
				throw wrong(name, value, "a duration such as \"30s\"");
			}
		}
		throw wrong(name, value, "a duration such as \"30s\"");
	}

	private static ResponseStatusException wrong(String name, Object value, String expected) {
		return mistake("%s: %s (expected: %s)".formatted(name, shortened(json.writeValueAsString(value)), expected));
	}

	private static String shortened(String text) {
		return (text.length() > LONGEST_VALUE) ? text.substring(0, LONGEST_VALUE) + "..." : text;
	}

	private static ResponseStatusException mistake(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

}
