package dev.socketecho.inbound;

import dev.socketecho.codec.Frames;
import io.netty.buffer.ByteBuf;
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
			ByteBuf content = ((Frames) message.getPayload()).content();
			payloads.info("Read {} bytes from socket {}. Data: {}", content.readableBytes(),
					message.getHeaders().get(IpHeaders.CONNECTION_ID), EscapedText.of(content, this.limit));
		}
	}

}
