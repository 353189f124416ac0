package dev.socketecho.transport;

import java.time.Duration;
import java.util.function.Consumer;

import org.apache.commons.logging.LogFactory;

/**
 * A client, as its connections see it.
 */
final class ClientConnectionOwner extends ConnectionOwner {

	/**
	 * A client always reads: what it sends comes back, and a client that waits with
	 * reading until the server reads deadlocks with it. What is queued is bounded by the
	 * requests that are taken.
	 */
	private final PendingBudget unlimited = new PendingBudget(Long.MAX_VALUE, Long.MAX_VALUE);

	/**
	 * Creates an instance.
	 * @param closed told of connections that are no more
	 */
	ClientConnectionOwner(NettyTcpClientConnectionFactory factory, ClientRecorder recorder,
			Consumer<NettyTcpConnection> closed) {
		super(factory, factory.settings().name(), recorder,
				new RateLimitedLog(LogFactory.getLog(NettyTcpClientConnectionFactory.class), System::nanoTime), closed);
	}

	@Override
	boolean isServer() {
		return false;
	}

	@Override
	PendingBudget pendingBudget() {
		return this.unlimited;
	}

	@Override
	long maxPendingBytes() {
		return Long.MAX_VALUE;
	}

	@Override
	Duration stallTimeout() {
		return lingerTimeout();
	}

	@Override
	Duration lingerTimeout() {
		return NettyTcpClientConnectionFactory.LINGER_TIMEOUT;
	}

	@Override
	CloseReason stockCloseReason() {
		return CloseReason.OPERATOR;
	}

}
