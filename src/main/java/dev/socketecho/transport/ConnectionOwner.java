package dev.socketecho.transport;

import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;

/**
 * What a connection needs of the server or client that it belongs to.
 */
abstract class ConnectionOwner {

	private final AbstractConnectionFactory factory;

	private final String name;

	private final TrafficRecorder recorder;

	private final RateLimitedLog warnings;

	private final Consumer<NettyTcpConnection> closed;

	/**
	 * Creates an instance.
	 * @param name the name of the server or client
	 * @param closed told of connections that are no more
	 */
	ConnectionOwner(AbstractConnectionFactory factory, String name, TrafficRecorder recorder, RateLimitedLog warnings,
			Consumer<NettyTcpConnection> closed) {
		this.factory = factory;
		this.name = name;
		this.recorder = recorder;
		this.warnings = warnings;
		this.closed = closed;
	}

	/**
	 * Whether the connections were accepted, not made.
	 */
	abstract boolean isServer();

	/**
	 * Where what no peer takes is accounted for.
	 */
	abstract PendingBudget pendingBudget();

	/**
	 * Bytes queued to the peer, past which it is not read from.
	 */
	abstract long maxPendingBytes();

	/**
	 * How long the peer is given to see the end of a connection.
	 */
	abstract Duration lingerTimeout();

	/**
	 * How long a peer may take nothing of what is queued to it once this side has decided
	 * the end; zero where something else bounds that.
	 */
	abstract Duration stallTimeout();

	/**
	 * The reason of a close that comes from the stock components.
	 */
	abstract CloseReason stockCloseReason();

	/**
	 * The name of the server or client.
	 */
	final String name() {
		return this.name;
	}

	/**
	 * The connection factory's name among the beans.
	 */
	final String componentName() {
		return this.factory.getComponentName();
	}

	/**
	 * Who is told of connections that open and close.
	 */
	final @Nullable ApplicationEventPublisher eventPublisher() {
		return this.factory.getApplicationEventPublisher();
	}

	final TrafficRecorder recorder() {
		return this.recorder;
	}

	final RateLimitedLog warnings() {
		return this.warnings;
	}

	/**
	 * A connection is no more. Called on its event loop, after the last message.
	 */
	final void closed(NettyTcpConnection connection) {
		this.closed.accept(connection);
	}

}
