package dev.socketecho.actuate;

import java.net.InetSocketAddress;

import dev.socketecho.transport.NettyDatagramReceivingAdapter;
import io.netty.util.NetUtil;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one UDP server: up as long as it receives.
 */
public final class UdpServerHealthIndicator extends AbstractHealthIndicator {

	private final NettyDatagramReceivingAdapter server;

	/**
	 * Creates an indicator.
	 * @param server the server
	 */
	public UdpServerHealthIndicator(NettyDatagramReceivingAdapter server) {
		this.server = server;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.withDetail("transport", "udp");
		InetSocketAddress bound = this.server.boundAddress();
		if (bound != null) {
			builder.up()
				.withDetail("state", "listening")
				.withDetail("address", NetUtil.toAddressString(bound.getAddress()))
				.withDetail("port", bound.getPort());
		}
		else {
			builder.outOfService().withDetail("state", "stopped").withDetail("port", this.server.getPort());
		}
		builder.withDetail("sockets", this.server.sockets());
	}

}
