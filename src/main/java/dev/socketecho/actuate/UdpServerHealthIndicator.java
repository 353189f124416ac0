package dev.socketecho.actuate;

import java.net.InetSocketAddress;

import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;

/**
 * The health of one UDP server: up as long as it receives.
 */
public final class UdpServerHealthIndicator extends ServerHealthIndicator {

	private final NettyUdpReceivingChannelAdapter server;

	/**
	 * Creates an indicator.
	 * @param server the server
	 */
	public UdpServerHealthIndicator(NettyUdpReceivingChannelAdapter server) {
		super("udp");
		this.server = server;
	}

	@Override
	@Nullable InetSocketAddress bound() {
		return this.server.boundAddress();
	}

	@Override
	int port() {
		return this.server.getPort();
	}

	@Override
	void addDetails(Health.Builder builder) {
		builder.withDetail("sockets", this.server.sockets());
	}

}
