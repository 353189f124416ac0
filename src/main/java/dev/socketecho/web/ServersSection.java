package dev.socketecho.web;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import dev.socketecho.actuate.FaultsEndpoint;
import dev.socketecho.metrics.TrafficFigures;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The servers: their health, what they have counted, and their faults.
 */
public final class ServersSection implements StatusReport.Section {

	private final List<Server> servers;

	private final FaultsEndpoint faults;

	private final Rates rates = new Rates();

	/**
	 * Creates a section.
	 * @param servers the servers, in the order in which they are shown
	 * @param faults their faults
	 */
	public ServersSection(List<Server> servers, FaultsEndpoint faults) {
		this.servers = List.copyOf(servers);
		this.faults = faults;
	}

	@Override
	public String name() {
		return "servers";
	}

	@Override
	public List<Map<String, Object>> read(long nanos) {
		Map<String, List<Map<String, Object>>> faultsByKey = new HashMap<>();
		for (FaultsEndpoint.Server server : this.faults.faults().servers()) {
			faultsByKey.put(key(server.transport(), server.server()), server.faults());
		}
		return this.servers.stream().map((server) -> {
			String key = key(server.transport(), server.name());
			return read(server, key, Objects.requireNonNullElse(faultsByKey.get(key), List.of()), nanos);
		}).toList();
	}

	private Map<String, Object> read(Server server, String key, List<Map<String, Object>> faultsOfServer, long nanos) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put(KEY, key);
		entry.put("name", server.name());
		entry.put("transport", server.transport());
		entry.putAll(server.facts());
		Health health = Objects.requireNonNull(server.health().health());
		entry.putAll(health.getDetails());
		entry.put("faults", faultsOfServer);
		TrafficFigures figures = server.figures().get();
		entry.put("refused", figures.refused());
		this.rates.add(entry, figures, nanos);
		return entry;
	}

	private static String key(String transport, String name) {
		return transport + '/' + name;
	}

	/**
	 * A server.
	 *
	 * @param transport {@code tcp} or {@code udp}
	 * @param name its name
	 * @param facts what never changes, such as its framing
	 * @param health its health
	 * @param figures what it has counted so far
	 */
	public record Server(String transport, String name, Map<String, Object> facts, HealthIndicator health,
			Supplier<TrafficFigures> figures) {
	}

}
