package dev.socketecho.inbound;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.support.management.metrics.MetricsCaptor;

/**
 * The channel from a server's socket to what becomes of its messages. It stays out of
 * Spring Integration's timers, two clock readings and a histogram per message, which
 * would cost more than an echo: the server's own recorder counts.
 */
final class EchoChannel extends DirectChannel {

	EchoChannel(String name) {
		setComponentName(name);
	}

	@Override
	public void registerMetricsCaptor(MetricsCaptor captor) {
	}

}
