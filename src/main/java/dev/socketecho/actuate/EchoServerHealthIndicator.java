package dev.socketecho.actuate;

import java.net.InetSocketAddress;
import java.util.List;

import dev.socketecho.server.EchoServer;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import io.netty.util.NetUtil;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one server, a component of {@code echoServers} in
 * {@code /actuator/health}: up while its port is open. An expired certificate does not
 * bring it down: neither a restart nor the removal of an instance from a load balancer
 * would mend that, and the servers without TLS would be gone, too.
 */
public final class EchoServerHealthIndicator extends AbstractHealthIndicator {

	private final EchoServer server;

	/**
	 * Creates an indicator.
	 * @param server the server
	 */
	public EchoServerHealthIndicator(EchoServer server) {
		this.server = server;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("transport", this.server.transport());
		InetSocketAddress address = this.server.localAddress();
		if (address != null) {
			builder.up()
				.withDetail("state", "listening")
				.withDetail("address", NetUtil.toAddressString(address.getAddress()))
				.withDetail("port", address.getPort());
		}
		else {
			builder.outOfService().withDetail("state", "stopped").withDetail("port", this.server.port());
		}
		switch (this.server) {
			case TcpEchoServer tcp -> addDetails(builder, tcp.connectionFactory());
			case UdpEchoServer udp -> builder.withDetail("sockets", udp.adapter().sockets());
		}
		List<String> faults = this.server.faults().names();
		if (!faults.isEmpty()) {
			builder.withDetail("faults", faults);
		}
	}

	private static void addDetails(Health.Builder builder, NettyTcpServerConnectionFactory factory) {
		builder.withDetail("activeConnections", factory.activeConnections());
		ServerTls tls = factory.settings().tls();
		if (tls != null && tls.certificateExpiry() != null) {
			builder.withDetail("certificateExpiry", tls.certificateExpiry());
		}
	}

}
