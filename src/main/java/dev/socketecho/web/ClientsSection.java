package dev.socketecho.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.socketecho.actuate.EchoEndpoint;
import dev.socketecho.metrics.TrafficFigures;

/**
 * The clients: where they send, and what they have counted.
 */
public final class ClientsSection implements StatusReport.Section {

	private final EchoEndpoint clients;

	private final Function<String, TrafficFigures> figures;

	private final Rates rates = new Rates();

	/**
	 * Creates a section.
	 * @param clients the clients
	 * @param figures what a client has counted so far, by its name
	 */
	public ClientsSection(EchoEndpoint clients, Function<String, TrafficFigures> figures) {
		this.clients = clients;
		this.figures = figures;
	}

	@Override
	public String name() {
		return "clients";
	}

	@Override
	public List<Map<String, Object>> read(long nanos) {
		return this.clients.clients().clients().stream().map((client) -> read(client, nanos)).toList();
	}

	private Map<String, Object> read(EchoEndpoint.Client client, long nanos) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put(KEY, client.name());
		entry.put("name", client.name());
		entry.put("transport", client.transport());
		entry.put("host", client.host());
		entry.put("port", client.port());
		this.rates.add(entry, this.figures.apply(client.name()), nanos);
		return entry;
	}

}
