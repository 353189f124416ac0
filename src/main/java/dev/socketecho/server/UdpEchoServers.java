package dev.socketecho.server;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * The UDP servers of this process. Registers their flows once all beans are there; the
 * sockets open in the context's lifecycle.
 */
public final class UdpEchoServers implements SmartInitializingSingleton {

	private final List<UdpEchoServer> servers;

	private final IntegrationFlowContext flows;

	/**
	 * Creates an instance.
	 * @param servers the servers, in the order of their names' configuration
	 * @param flows where the flows are registered
	 */
	public UdpEchoServers(List<UdpEchoServer> servers, IntegrationFlowContext flows) {
		this.servers = List.copyOf(servers);
		this.flows = flows;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (UdpEchoServer server : this.servers) {
			this.flows.registration(server.flow()).id(server.flowId()).autoStartup(false).register();
		}
	}

	/**
	 * Returns the servers.
	 * @return an unmodifiable list
	 */
	public List<UdpEchoServer> all() {
		return this.servers;
	}

	/**
	 * Returns a server.
	 * @param name its name
	 * @return the server, {@code null} if there is none
	 */
	public @Nullable UdpEchoServer byName(String name) {
		return this.servers.stream().filter((server) -> server.name().equals(name)).findFirst().orElse(null);
	}

}
