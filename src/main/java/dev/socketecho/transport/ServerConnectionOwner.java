package dev.socketecho.transport;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A server, as its connections see it.
 */
final class ServerConnectionOwner extends ConnectionOwner {

	/** An {@link IdleTimeout} may be a quarter late: in all, 10 seconds. */
	private static final Duration STALL_TIMEOUT = Duration.ofSeconds(8);

	private final NettyTcpServerConnectionFactory factory;

	private final PendingBudget pendingBudget;

	/**
	 * Creates an instance.
	 * @param closed told of connections that are no more
	 */
	ServerConnectionOwner(NettyTcpServerConnectionFactory factory, ServerRecorder recorder, PendingBudget pendingBudget,
			RateLimitedLog warnings, Consumer<NettyTcpConnection> closed) {
		super(factory, factory.settings().name(), recorder, warnings, closed);
		this.factory = factory;
		this.pendingBudget = pendingBudget;
	}

	@Override
	boolean isServer() {
		return true;
	}

	@Override
	PendingBudget pendingBudget() {
		return this.pendingBudget;
	}

	@Override
	long maxPendingBytes() {
		return this.factory.settings().maxPendingBytes();
	}

	/**
	 * The idle timeout bounds it, where there is one.
	 */
	@Override
	Duration stallTimeout() {
		return this.factory.settings().idleTimeout().isZero() ? STALL_TIMEOUT : Duration.ZERO;
	}

	@Override
	Duration lingerTimeout() {
		return this.factory.settings().lingerTimeout();
	}

	@Override
	CloseReason stockCloseReason() {
		return this.factory.isSingleUse() ? CloseReason.REPLY_COMPLETE : CloseReason.OPERATOR;
	}

}
