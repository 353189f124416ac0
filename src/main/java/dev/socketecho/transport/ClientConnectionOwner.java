package dev.socketecho.transport;

import java.time.Duration;
import java.util.function.Consumer;

import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;

/**
 * A client, as its connections see it.
 */
final class ClientConnectionOwner implements ConnectionOwner {

	/**
	 * A client always reads: what it sends comes back, and a client that waits with
	 * reading until the server reads deadlocks with it. What is queued is bounded by the
	 * requests that are taken.
	 */
	private final PendingBudget unlimited = new PendingBudget(Long.MAX_VALUE, Long.MAX_VALUE);

	private final NettyTcpClientConnectionFactory factory;

	private final ClientRecorder recorder;

	private final Consumer<NettyTcpConnection> closed;

	private final RateLimitedLog warnings = new RateLimitedLog(LogFactory.getLog(NettyTcpClientConnectionFactory.class),
			System::nanoTime);

	/**
	 * Creates an instance.
	 * @param closed told of connections that are no more
	 */
	ClientConnectionOwner(NettyTcpClientConnectionFactory factory, ClientRecorder recorder,
			Consumer<NettyTcpConnection> closed) {
		this.factory = factory;
		this.recorder = recorder;
		this.closed = closed;
	}

	@Override
	public boolean isServer() {
		return false;
	}

	@Override
	public String name() {
		return this.factory.settings().name();
	}

	@Override
	public String getComponentName() {
		return this.factory.getComponentName();
	}

	@Override
	public @Nullable ApplicationEventPublisher getApplicationEventPublisher() {
		return this.factory.getApplicationEventPublisher();
	}

	@Override
	public TrafficRecorder recorder() {
		return this.recorder;
	}

	@Override
	public PendingBudget pendingBudget() {
		return this.unlimited;
	}

	@Override
	public long maxPendingBytes() {
		return Long.MAX_VALUE;
	}

	@Override
	public Duration lingerTimeout() {
		return NettyTcpClientConnectionFactory.LINGER_TIMEOUT;
	}

	@Override
	public CloseReason stockCloseReason() {
		return CloseReason.OPERATOR;
	}

	@Override
	public RateLimitedLog warnings() {
		return this.warnings;
	}

	@Override
	public void closed(NettyTcpConnection connection) {
		this.closed.accept(connection);
	}

}
