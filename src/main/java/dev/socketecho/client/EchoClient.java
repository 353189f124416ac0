package dev.socketecho.client;

import java.util.concurrent.CompletableFuture;

/**
 * Sends messages to an echo server and gives back its replies. Every client that is
 * configured is a Spring bean under its name.
 * <p>
 * Thread-safe, and no method waits. Futures are completed on an event loop: what depends
 * on them must not block, or goes elsewhere by
 * {@link CompletableFuture#thenApplyAsync(java.util.function.Function)} and the like.
 */
public sealed interface EchoClient extends AutoCloseable permits TcpEchoClient, UdpEchoClient {

	/**
	 * Returns the client's name.
	 * @return the name, as it is configured
	 */
	String name();

	/**
	 * Returns the transport.
	 * @return {@code tcp} or {@code udp}
	 */
	String transport();

	/**
	 * Returns where the client sends to.
	 * @return an IP literal or a host name
	 */
	String host();

	/**
	 * Returns where the client sends to.
	 * @return 1 to 65535
	 */
	int port();

	/**
	 * Sends a message. Messages that are sent shortly after each other leave together.
	 * @param message the message, without terminator or header; it is copied
	 * @return the reply, which equals the message; or an {@link EchoException}
	 */
	CompletableFuture<EchoReply> send(byte[] message);

	/**
	 * Reports when everything that was sent before has left.
	 * @return completes when each earlier message was taken by a socket or has failed
	 */
	CompletableFuture<Void> flush();

	/**
	 * Ends the client: what is outstanding fails with {@code operation_aborted}, and the
	 * sockets are closed.
	 */
	@Override
	void close();

}
