package dev.socketecho.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.socketecho.server.EchoServers;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /actuator/connections}: lists the open TCP connections, and closes one.
 */
@WebEndpoint(id = "connections")
public final class ConnectionsEndpoint {

	/**
	 * How many connections are listed if the request has no limit.
	 */
	private static final int DEFAULT_LIMIT = 1000;

	private final EchoServers servers;

	/**
	 * Creates an endpoint.
	 * @param servers the servers
	 */
	public ConnectionsEndpoint(EchoServers servers) {
		this.servers = servers;
	}

	/**
	 * Lists connections, the oldest first.
	 * @param server a server's name, to list its connections only
	 * @param limit how many at most, at least 0
	 * @return the connections, {@code null} (404) if there is no such server
	 */
	@ReadOperation
	public @Nullable Connections connections(@Nullable String server, @Nullable Integer limit) {
		int most = (limit != null) ? limit : DEFAULT_LIMIT;
		if (most < 0) {
			throw new InvalidEndpointRequestException("limit: " + limit + " (expected: >= 0)",
					"limit must not be negative");
		}
		if (server != null && this.servers.tcp(server) == null) {
			return null;
		}
		List<NettyTcpConnection> open = this.servers.tcp()
			.stream()
			.filter((candidate) -> server == null || candidate.name().equals(server))
			.map(TcpEchoServer::connectionFactory)
			.flatMap((factory) -> factory.connections().stream())
			.toList();
		List<Connection> listed = open.stream()
			.sorted(Comparator.comparingLong(NettyTcpConnection::openedNanos))
			.limit(most)
			.map(NettyTcpConnection::info)
			.map(Connection::of)
			.toList();
		return new Connections(open.size(), listed);
	}

	/**
	 * Closes a connection in order, with the reason {@code operator}.
	 * @param id the connection's id
	 * @return 204, or 404 if no such connection is open
	 */
	@DeleteOperation
	public WebEndpointResponse<Void> close(@Selector String id) {
		NettyTcpConnection connection = this.servers.connection(id);
		if (connection == null) {
			return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
		}
		connection.close(CloseReason.OPERATOR);
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	/**
	 * The answer.
	 *
	 * @param total how many connections are open
	 * @param connections those that are listed
	 */
	public record Connections(int total, List<Connection> connections) {
	}

	/**
	 * A connection.
	 *
	 * @param id its id
	 * @param server its server
	 * @param source the caller's address and port
	 * @param opened when it was accepted
	 * @param idle how long since its last read
	 * @param bytesReceived bytes read
	 * @param bytesSent bytes sent
	 * @param messagesReceived messages received
	 * @param messagesSent messages sent
	 * @param tlsProtocol the version of TLS; absent without TLS
	 */
	public record Connection(String id, String server, String source, Instant opened, Duration idle, long bytesReceived,
			long bytesSent, long messagesReceived, long messagesSent,
			@JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String tlsProtocol) {

		static Connection of(TcpConnectionInfo info) {
			return new Connection(info.id(), info.server(), NetUtil.toSocketAddressString(info.source()), info.opened(),
					info.idle(), info.bytesIn(), info.bytesOut(), info.messagesIn(), info.messagesOut(),
					info.tlsProtocol());
		}

	}

}
