package dev.socketecho.server;

import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.transport.tcp.NettyTcpConnection;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.integration.dsl.context.IntegrationFlowContext.IntegrationFlowRegistrationBuilder;

/**
 * All servers of this process: the one place where health, the endpoints, the meters and
 * {@link ServerShutdown} find them. It registers their flows when all singletons are
 * created; the sockets open later, in the context's lifecycle.
 */
public final class EchoServers implements SmartInitializingSingleton {

	private final List<TcpEchoServer> tcp;

	private final List<UdpEchoServer> udp;

	private final IntegrationFlowContext flows;

	/**
	 * Creates the registry.
	 * @param tcp the TCP servers, in the order of configuration
	 * @param udp the UDP servers, in the order of configuration
	 * @param flows where the flows are registered
	 */
	public EchoServers(List<TcpEchoServer> tcp, List<UdpEchoServer> udp, IntegrationFlowContext flows) {
		this.tcp = List.copyOf(tcp);
		this.udp = List.copyOf(udp);
		this.flows = flows;
	}

	@Override
	public void afterSingletonsInstantiated() {
		for (EchoServer server : all()) {
			IntegrationFlowRegistrationBuilder registration = this.flows.registration(server.flow())
				.id(server.flowId())
				.autoStartup(false);
			if (server instanceof TcpEchoServer tcpServer) {
				registration.addBean(server.flowId() + ".connectionFactory", tcpServer.connectionFactory());
			}
			registration.register();
		}
	}

	/**
	 * Returns all servers.
	 * @return an unmodifiable list, TCP first
	 */
	public List<EchoServer> all() {
		return Stream.<EchoServer>concat(this.tcp.stream(), this.udp.stream()).toList();
	}

	/**
	 * Returns the TCP servers.
	 * @return an unmodifiable list
	 */
	public List<TcpEchoServer> tcp() {
		return this.tcp;
	}

	/**
	 * Returns the UDP servers.
	 * @return an unmodifiable list
	 */
	public List<UdpEchoServer> udp() {
		return this.udp;
	}

	/**
	 * Finds a TCP server.
	 * @param name its name
	 * @return the server, {@code null} if there is none
	 */
	public @Nullable TcpEchoServer tcp(String name) {
		return find(this.tcp, name);
	}

	/**
	 * Finds a UDP server.
	 * @param name its name
	 * @return the server, {@code null} if there is none
	 */
	public @Nullable UdpEchoServer udp(String name) {
		return find(this.udp, name);
	}

	/**
	 * Finds an open TCP connection.
	 * @param id its id
	 * @return the connection, {@code null} if there is none
	 */
	public @Nullable NettyTcpConnection connection(String id) {
		for (TcpEchoServer server : this.tcp) {
			NettyTcpConnection connection = server.connectionFactory().connection(id);
			if (connection != null) {
				return connection;
			}
		}
		return null;
	}

	private static <T extends EchoServer> @Nullable T find(List<T> servers, String name) {
		return servers.stream().filter((server) -> server.name().equals(name)).findFirst().orElse(null);
	}

}
