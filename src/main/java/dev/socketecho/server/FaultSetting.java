package dev.socketecho.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import dev.socketecho.fault.Fault;
import org.jspecify.annotations.Nullable;

/**
 * A fault as it was set, by the configuration or over HTTP. Immutable.
 *
 * @param name its name
 * @param properties its properties as text, numbers and booleans, by the names that they
 * have in the configuration
 * @param fault what the server does; {@code null} if the fault is not enabled
 */
public record FaultSetting(String name, Map<String, Object> properties, @Nullable Fault fault) {

	public FaultSetting {
		properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
	}

	/**
	 * The fault in short, for a log line.
	 */
	String description() {
		return this.properties.entrySet()
			.stream()
			.map((property) -> property.getKey() + " " + property.getValue())
			.collect(Collectors.joining(", ", this.name + " (", ")"));
	}

}
