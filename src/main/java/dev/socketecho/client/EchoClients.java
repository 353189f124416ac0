package dev.socketecho.client;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * All configured clients of this process. It registers their flows when all singletons
 * are created, and closes the clients with the context.
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
	 * Creates the registry.
	 * @param clients the clients, which all have different names
	 * @param flows where the flows are registered
	 */
	public EchoClients(List<? extends EchoClient> clients, IntegrationFlowContext flows) {
		clients.forEach((client) -> this.clients.put(client.name(), client));
		this.flows = flows;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.clients.values().forEach((client) -> ClientFlow.register(client, this.flows));
	}

	/**
	 * Returns the clients.
	 * @return the clients in the order of configuration, TCP first
	 */
	public Collection<EchoClient> all() {
		return List.copyOf(this.clients.values());
	}

	/**
	 * Finds a client.
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
