package dev.socketecho.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What tells this instance of the service from others: the same in all answers of
 * {@code mode: identify}.
 *
 * @param hostname the name of this host
 * @param instance the values of {@code echo.identity}, by name
 */
public record InstanceIdentity(String hostname, Map<String, String> instance) {

	/**
	 * Keeps the order of the names.
	 */
	public InstanceIdentity {
		instance = Collections.unmodifiableMap(new LinkedHashMap<>(instance));
	}

}
