package dev.socketecho.transport.tcp.accept;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import org.jspecify.annotations.Nullable;

/**
 * Counts the connections of one server and applies its limits, for {@link SourceGate}.
 * The table of sources has one entry per source with an open connection, so its size is
 * bounded by the number of open connections.
 * <p>
 * {@code admit} is called by the accepting event loop only, the other methods by any
 * thread.
 */
final class ConnectionAdmission {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private final ConnectionLimits limits;

	private final LongSupplier nanoTime;

	private final AtomicInteger open = new AtomicInteger();

	private final ConcurrentMap<InetAddress, Integer> openBySource = new ConcurrentHashMap<>();

	/**
	 * The times of the last accepts, in ns: a ring with as many entries as accepts are
	 * allowed in one second. Another accept is allowed if the oldest is a second ago.
	 */
	private final long[] accepts;

	private int oldestAccept;

	ConnectionAdmission(ConnectionLimits limits, LongSupplier nanoTime) {
		this.limits = limits;
		this.nanoTime = nanoTime;
		this.accepts = new long[limits.maxAcceptsPerSecond()];
		Arrays.fill(this.accepts, nanoTime.getAsLong() - NANOS_PER_SECOND);
	}

	/**
	 * Admits a connection. The caller calls {@link #release(InetAddress)} when it is
	 * closed.
	 * @return {@code null} if it is admitted, otherwise the reason why not
	 */
	@Nullable CloseReason admit(InetAddress source) {
		CloseReason rejected = admit();
		if (rejected == null) {
			rejected = enter(source);
			if (rejected != null) {
				release();
			}
		}
		return rejected;
	}

	/**
	 * Admits a connection whose source is not known yet. It counts as open, but not as
	 * accepted before its source is known. The caller calls {@link #release()} when it is
	 * closed.
	 * @return {@code null} if it is admitted, otherwise the reason why not
	 */
	@Nullable CloseReason admit() {
		if (this.limits.maxConnections() > 0 && this.open.get() >= this.limits.maxConnections()) {
			return CloseReason.MAX_CONNECTIONS;
		}
		this.open.incrementAndGet();
		return null;
	}

	/**
	 * Admits a connection that counts as open already, now that its source is known. The
	 * accept rate comes last: a connection that another limit rejects does not count as
	 * accepted. The caller calls {@link #leave} when it is closed.
	 * @return {@code null} if it is admitted, otherwise the reason why not
	 */
	@Nullable CloseReason enter(InetAddress source) {
		if (this.limits.maxConnectionsPerSource() > 0
				&& this.openBySource.merge(source, 1, Integer::sum) > this.limits.maxConnectionsPerSource()) {
			leave(source);
			return CloseReason.MAX_CONNECTIONS_PER_SOURCE;
		}
		if (!takeAccept()) {
			leave(source);
			return CloseReason.ACCEPT_RATE;
		}
		return null;
	}

	/**
	 * A connection that was admitted with its source is closed.
	 */
	void release(InetAddress source) {
		release();
		leave(source);
	}

	/**
	 * A connection that was admitted without a source is closed.
	 */
	void release() {
		this.open.decrementAndGet();
	}

	/**
	 * A connection that {@link #enter} admitted is closed.
	 */
	void leave(InetAddress source) {
		if (this.limits.maxConnectionsPerSource() > 0) {
			this.openBySource.computeIfPresent(source, (_, count) -> (count > 1) ? count - 1 : null);
		}
	}

	/**
	 * The number of connections that count as open.
	 */
	int open() {
		return this.open.get();
	}

	/**
	 * The number of sources in the table.
	 */
	int sources() {
		return this.openBySource.size();
	}

	private boolean takeAccept() {
		return this.accepts.length == 0 || takeAcceptInOrder();
	}

	/** Connections through a proxy are admitted on all event loops. */
	private synchronized boolean takeAcceptInOrder() {
		long now = this.nanoTime.getAsLong();
		if (now - this.accepts[this.oldestAccept] < NANOS_PER_SECOND) {
			return false;
		}
		this.accepts[this.oldestAccept] = now;
		this.oldestAccept = (this.oldestAccept + 1) % this.accepts.length;
		return true;
	}

}
