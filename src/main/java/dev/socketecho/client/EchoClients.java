package dev.socketecho.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * The configured clients of this process. Registers their flows once all beans are there;
 * closes the clients with the context.
 */
public final class EchoClients implements SmartInitializingSingleton, AutoCloseable {

	/**
	 * When the clients become usable, among Spring's lifecycle phases: before the servers
	 * and the web server.
	 */
	static final int PHASE = Integer.MAX_VALUE / 2 - 10;

	private final Map<String, EchoClient> clients = new LinkedHashMap<>();

	private final IntegrationFlowContext flows;

	/**
	 * Creates an instance.
	 * @param clients the clients; their names differ
	 * @param flows where the flows are registered
	 */
	public EchoClients(List<? extends EchoClient> clients, IntegrationFlowContext flows) {
		clients.forEach((client) -> this.clients.put(client.name(), client));
		this.flows = flows;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (EchoClient client : this.clients.values()) {
			switch (client) {
				case TcpEchoClient tcp -> new TcpClientFlow(tcp).register(this.flows);
				case UdpEchoClient udp -> new UdpClientFlow(udp).register(this.flows);
				default -> throw new IllegalStateException("no flow for " + client);
			}
		}
	}

	/**
	 * Returns the clients.
	 * @return in the order of configuration, TCP first
	 */
	public Collection<EchoClient> all() {
		return List.copyOf(this.clients.values());
	}

	/**
	 * Returns a client.
	 * @param name its name
	 * @return the client, {@code null} if there is none
	 */
	public @Nullable EchoClient byName(String name) {
		return this.clients.get(name);
	}

	@Override
	public void close() {
		this.clients.values().forEach(EchoClient::close);
	}

}
