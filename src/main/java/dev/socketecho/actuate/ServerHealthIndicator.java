package dev.socketecho.actuate;

import java.net.InetSocketAddress;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * The health of one server: up as long as its port is open.
 */
abstract class ServerHealthIndicator extends AbstractHealthIndicator {

	private final String transport;

	ServerHealthIndicator(String transport) {
		this.transport = transport;
	}

	/**
	 * Where the server listens, {@code null} if it does not.
	 */
	abstract @Nullable InetSocketAddress bound();

	/**
	 * The port that the server was given.
	 */
	abstract int port();

	/**
	 * Adds what only servers of this transport have.
	 */
	abstract void addDetails(Health.Builder builder);

	@Override
	protected final void doHealthCheck(Health.Builder builder) {
		builder.withDetail("transport", this.transport);
		InetSocketAddress bound = bound();
		if (bound != null) {
			builder.up()
				.withDetail("state", "listening")
				.withDetail("address", NetUtil.toAddressString(bound.getAddress()))
				.withDetail("port", bound.getPort());
		}
		else {
			builder.outOfService().withDetail("state", "stopped").withDetail("port", port());
		}
		addDetails(builder);
	}

}
