package dev.socketecho.actuate;

import java.net.InetSocketAddress;

import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;

/**
 * The health of one TCP server: up as long as it listens. An expired certificate does not
 * bring it down: neither a restart nor the removal of an instance from a load balancer
 * would mend that, and it would take the plain servers along.
 */
public final class TcpServerHealthIndicator extends ServerHealthIndicator {

	private final NettyTcpServerConnectionFactory server;

	/**
	 * Creates an indicator.
	 * @param server the server
	 */
	public TcpServerHealthIndicator(NettyTcpServerConnectionFactory server) {
		super("tcp");
		this.server = server;
	}

	@Override
	@Nullable InetSocketAddress bound() {
		return (this.server.getServerSocketAddress() instanceof InetSocketAddress bound) ? bound : null;
	}

	@Override
	int port() {
		return this.server.getPort();
	}

	@Override
	void addDetails(Health.Builder builder) {
		builder.withDetail("activeConnections", this.server.activeConnections());
		ServerTls tls = this.server.settings().tls();
		if (tls != null && tls.certificateExpiry() != null) {
			builder.withDetail("certificateExpiry", tls.certificateExpiry());
		}
	}

}
