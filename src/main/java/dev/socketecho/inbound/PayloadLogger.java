package dev.socketecho.inbound;

import dev.socketecho.transport.Datagram;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.integration.handler.AbstractMessageHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;

/**
 * Logs each message at INFO, escaped and cut.
 */
final class PayloadLogger extends AbstractMessageHandler {

	private static final Logger payloads = LoggerFactory.getLogger(PayloadLogger.class);

	private final int limit;

	/**
	 * Creates a logger.
	 * @param limit how many bytes of a message are logged at most
	 */
	PayloadLogger(int limit) {
		this.limit = limit;
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		if (payloads.isInfoEnabled()) {
			ByteBuf content = ((ByteBufHolder) message.getPayload()).content();
			payloads.info("Read {} bytes from socket {}. Data: {}", content.readableBytes(), peer(message),
					EscapedText.of(content, this.limit));
		}
	}

	/**
	 * The connection, or where there is none the sender of the datagram.
	 */
	private static @Nullable Object peer(Message<?> message) {
		return (message.getPayload() instanceof Datagram datagram) ? NetUtil.toSocketAddressString(datagram.sender())
				: message.getHeaders().get(IpHeaders.CONNECTION_ID);
	}

}
