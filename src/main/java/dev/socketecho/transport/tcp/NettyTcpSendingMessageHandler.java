package dev.socketecho.transport.tcp;

import org.springframework.integration.ip.tcp.outbound.TcpSendingMessageHandler;
import org.springframework.messaging.Message;

/**
 * The stock outbound adapter, except that it takes the connection of an answer from the
 * answer's headers. The stock adapter looks it up by its id in a map, which with many
 * connections would not be in the processor's caches. Messages with other headers, and
 * all messages of a server with {@code close-after-reply}, go the stock adapter's way.
 * <p>
 * An answer to a connection that has ended is dropped; for the stock adapter it is an
 * error. The adapter may be called by any thread.
 */
public final class NettyTcpSendingMessageHandler extends TcpSendingMessageHandler {

	private final NettyTcpServerConnectionFactory factory;

	/**
	 * Creates the outbound adapter of a server.
	 * @param factory the server's connections
	 */
	public NettyTcpSendingMessageHandler(NettyTcpServerConnectionFactory factory) {
		this.factory = factory;
		setConnectionFactory(factory);
	}

	@Override
	public void handleMessageInternal(Message<?> message) {
		if (message.getHeaders() instanceof ConnectionHeaders headers && !this.factory.isSingleUse()) {
			headers.connection().send(message);
		}
		else {
			super.handleMessageInternal(message);
		}
	}

}
