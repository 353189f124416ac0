package dev.socketecho.server;

import java.util.List;

import dev.socketecho.transport.tcp.NettyTcpConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * The TCP servers of this process. Registers their flows once all beans are there; the
 * sockets open in the context's lifecycle.
 */
public final class TcpEchoServers implements SmartInitializingSingleton {

	private final List<TcpEchoServer> servers;

	private final IntegrationFlowContext flows;

	/**
	 * Creates an instance.
	 * @param servers the servers, in the order of their names' configuration
	 * @param flows where the flows are registered
	 */
	public TcpEchoServers(List<TcpEchoServer> servers, IntegrationFlowContext flows) {
		this.servers = List.copyOf(servers);
		this.flows = flows;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (TcpEchoServer server : this.servers) {
			this.flows.registration(server.flow())
				.id(server.flowId())
				.addBean(server.flowId() + ".connectionFactory", server.connectionFactory())
				.autoStartup(false)
				.register();
		}
	}

	/**
	 * Returns the servers.
	 * @return an unmodifiable list
	 */
	public List<TcpEchoServer> all() {
		return this.servers;
	}

	/**
	 * Returns a server.
	 * @param name its name
	 * @return the server, {@code null} if there is none
	 */
	public @Nullable TcpEchoServer byName(String name) {
		return this.servers.stream().filter((server) -> server.name().equals(name)).findFirst().orElse(null);
	}

	/**
	 * Returns an open connection.
	 * @param id its id
	 * @return the connection, {@code null} if there is none
	 */
	public @Nullable NettyTcpConnection connection(String id) {
		for (TcpEchoServer server : this.servers) {
			NettyTcpConnection connection = server.connectionFactory().connection(id);
			if (connection != null) {
				return connection;
			}
		}
		return null;
	}

}
