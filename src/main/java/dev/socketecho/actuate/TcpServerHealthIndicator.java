package dev.socketecho.actuate;

import java.net.InetSocketAddress;

import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.NettyTcpServerConnectionFactory;
import io.netty.util.NetUtil;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one TCP server: up as long as it listens. An expired certificate does not
 * bring it down: neither a restart nor the removal of an instance from a load balancer
 * would mend that, and it would take the plain servers along.
 */
public final class TcpServerHealthIndicator extends AbstractHealthIndicator {

	private final NettyTcpServerConnectionFactory server;

	/**
	 * Creates an indicator.
	 * @param server the server
	 */
	public TcpServerHealthIndicator(NettyTcpServerConnectionFactory server) {
		this.server = server;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("transport", "tcp");
		if (this.server.getServerSocketAddress() instanceof InetSocketAddress bound) {
			builder.up()
				.withDetail("state", "listening")
				.withDetail("address", NetUtil.toAddressString(bound.getAddress()))
				.withDetail("port", bound.getPort());
		}
		else {
			builder.outOfService().withDetail("state", "stopped").withDetail("port", this.server.getPort());
		}
		builder.withDetail("activeConnections", this.server.activeConnections());
		ServerTls tls = this.server.settings().tls();
		if (tls != null && tls.certificateExpiry() != null) {
			builder.withDetail("certificateExpiry", tls.certificateExpiry());
		}
	}

}
