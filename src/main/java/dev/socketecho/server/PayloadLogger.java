package dev.socketecho.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.udp.Datagram;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.handler.AbstractMessageHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.support.management.ManageableLifecycle;
import org.springframework.messaging.Message;

/**
 * Logs the messages of one server at INFO, escaped and cut. A caller could fill the disk,
 * so only {@code log-payload-rate} messages a second are logged, and one line a second
 * counts the others. The tap of the server's flow calls it, on the event loop of the
 * connection or socket.
 */
final class PayloadLogger extends AbstractMessageHandler implements ManageableLifecycle {

	private static final Logger payloads = LoggerFactory.getLogger(PayloadLogger.class);

	private static final long REPORT_SECONDS = 1;

	private final String server;

	private final int limit;

	private final LogRateLimiter rate;

	private volatile boolean running;

	/**
	 * Creates a logger.
	 * @param server the server's name
	 * @param settings how much is logged
	 */
	PayloadLogger(String server, PayloadLogSettings settings) {
		this.server = server;
		this.limit = settings.limit();
		this.rate = new LogRateLimiter(settings.rate(), System::nanoTime);
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		if (!payloads.isInfoEnabled()) {
			return;
		}
		if (this.rate.admits()) {
			ByteBuf content = ((ByteBufHolder) message.getPayload()).content();
			payloads.info("Read {} bytes from socket {}. Data: {}", content.readableBytes(), peer(message),
					EscapedText.of(content, this.limit));
		}
		else if (this.rate.countRefused()) {
			CompletableFuture.delayedExecutor(REPORT_SECONDS, TimeUnit.SECONDS).execute(this::report);
		}
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * Logs the last count. The flow's endpoint calls this when the server stops.
	 */
	@Override
	public void stop() {
		this.running = false;
		report();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	private void report() {
		int refused = this.rate.takeRefused();
		if (refused > 0) {
			payloads.info("Server '{}' read {} more messages than log-payload-rate lets into the log", this.server,
					refused);
		}
	}

	/**
	 * The id of the connection, or the sender of the datagram.
	 */
	private static @Nullable Object peer(Message<?> message) {
		return (message.getPayload() instanceof Datagram datagram) ? NetUtil.toSocketAddressString(datagram.sender())
				: message.getHeaders().get(IpHeaders.CONNECTION_ID);
	}

}
