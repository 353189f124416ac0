package dev.socketecho.transport.tcp;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

import dev.socketecho.telemetry.CloseReason;
import org.jspecify.annotations.Nullable;

/**
 * Holds the connections of one server against its limits. The table of sources has one
 * entry per source with an open connection, so it is bounded by the open connections.
 * <p>
 * {@code admit} is called by the accepting event loop only, the others by any thread.
 */
final class ConnectionAdmission {

	private static final long NANOS_PER_SECOND = 1_000_000_000L;

	private final ConnectionLimits limits;

	private final LongSupplier nanoTime;

	private final AtomicInteger open = new AtomicInteger();

	private final ConcurrentMap<InetAddress, Integer> openBySource = new ConcurrentHashMap<>();

	/**
	 * When the last accepts were, in ns, as a ring of as many as may come in one second:
	 * the oldest of them says whether there is room for another.
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
	 * Lets a connection in, or says why not. One that was let in is to be released once.
	 * @return {@code null} if it is in
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
	 * Gives a place to a connection whose source is not known yet, or says why not. It is
	 * to be released once, without a source. It takes no share of the accept rate before
	 * its source is known.
	 * @return {@code null} if it has a place
	 */
	@Nullable CloseReason admit() {
		if (this.limits.maxConnections() > 0 && this.open.get() >= this.limits.maxConnections()) {
			return CloseReason.MAX_CONNECTIONS;
		}
		this.open.incrementAndGet();
		return null;
	}

	/**
	 * Gives a connection that has a place its source, or says why not: one that another
	 * limit keeps out takes no share of the accept rate. It is to be taken back once with
	 * {@link #leave}. May be called by any thread.
	 * @return {@code null} if the source may have another one
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
	 * Takes back a connection that was let in.
	 */
	void release(InetAddress source) {
		release();
		leave(source);
	}

	/**
	 * Takes back a connection that was let in without a source.
	 */
	void release() {
		this.open.decrementAndGet();
	}

	/**
	 * Takes back what {@link #enter} gave.
	 */
	void leave(InetAddress source) {
		if (this.limits.maxConnectionsPerSource() > 0) {
			this.openBySource.computeIfPresent(source, (_, count) -> (count > 1) ? count - 1 : null);
		}
	}

	/**
	 * The number of connections that are in.
	 */
	int open() {
		return this.open.get();
	}

	/**
	 * The number of sources that are held in memory.
	 */
	int sources() {
		return this.openBySource.size();
	}

	private boolean takeAccept() {
		return this.accepts.length == 0 || takeAcceptInOrder();
	}

	/** A proxy's connections come from all event loops. */
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
