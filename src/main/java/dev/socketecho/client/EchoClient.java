package dev.socketecho.client;

import java.util.concurrent.CompletableFuture;

/**
 * Sends messages to an echo server and returns its replies. Each configured client is a
 * Spring bean, with the client's name as its qualifier.
 * <p>
 * Thread-safe, and no method waits. Futures complete on an event loop: dependent code
 * must not block, or runs on other threads by
 * {@link CompletableFuture#thenApplyAsync(java.util.function.Function)} and the like.
 */
public sealed interface EchoClient extends AutoCloseable permits TcpEchoClient, UdpEchoClient {

	/**
	 * Returns the client's name.
	 * @return the name as it is configured
	 */
	String name();

	/**
	 * Returns the transport.
	 * @return {@code tcp} or {@code udp}
	 */
	String transport();

	/**
	 * Returns the host that the client sends to.
	 * @return an IP literal or a host name
	 */
	String host();

	/**
	 * Returns the port that the client sends to.
	 * @return 1 to 65535
	 */
	int port();

	/**
	 * Sends a message. Messages that are sent shortly after each other leave together.
	 * @param message the message without terminator or header; it is copied
	 * @return the reply, which equals the message; fails with an {@link EchoException}
	 */
	CompletableFuture<EchoReply> send(byte[] message);

	/**
	 * Waits for the messages that were sent before.
	 * @return completes when a socket has taken each earlier message, or it has failed
	 */
	CompletableFuture<Void> flush();

	/**
	 * Closes the client: its sockets are closed, and requests without a reply fail with
	 * {@code operation_aborted}.
	 */
	@Override
	void close();

}
