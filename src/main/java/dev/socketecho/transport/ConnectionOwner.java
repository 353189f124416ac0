package dev.socketecho.transport;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * What a connection needs of the server or client that it belongs to.
 */
interface ConnectionOwner {

	/**
	 * Whether the connections were accepted, not made.
	 */
	boolean isServer();

	/**
	 * The name of the server or client.
	 */
	String name();

	/**
	 * The connection factory's name among the beans.
	 */
	String getComponentName();

	/**
	 * Who is told of connections that open and close.
	 */
	@Nullable ApplicationEventPublisher getApplicationEventPublisher();

	TrafficRecorder recorder();

	/**
	 * Where what no peer takes is accounted for.
	 */
	PendingBudget pendingBudget();

	/**
	 * Bytes queued to the peer, past which it is not read from.
	 */
	long maxPendingBytes();

	/**
	 * How long the peer is given to see the end of a connection.
	 */
	Duration lingerTimeout();

	/**
	 * The reason of a close that comes from the stock components.
	 */
	CloseReason stockCloseReason();

	RateLimitedLog warnings();

	/**
	 * A connection is no more. Called on its event loop, after the last message.
	 */
	void closed(NettyTcpConnection connection);

}
