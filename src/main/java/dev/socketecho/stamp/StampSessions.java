package dev.socketecho.stamp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The sessions of a stateful Session-Reflector (RFC 8762, 4.3): it counts the packets of
 * each session, so that the sender learns which way its packets were lost. A session is
 * forgotten when no packet has come for some time; the next one begins a new session. A
 * forged source is all that it takes to begin one, so there is a limit. Thread-safe: the
 * sockets of a server share it.
 */
public final class StampSessions {

	/** How often at most the table is searched for sessions to forget. */
	private static final long SEARCH_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final ConcurrentHashMap<Key, Session> sessions = new ConcurrentHashMap<>();

	private final LongAdder uncounted = new LongAdder();

	private final int max;

	private final long timeoutNanos;

	private final LongSupplier ticker;

	private long lastSearch;

	/**
	 * Creates a table.
	 * @param max how many sessions it has at most, at least 1
	 * @param timeoutNanos how long a session is kept after its last packet
	 * @param ticker returns a time that only goes forward, in nanoseconds
	 */
	public StampSessions(int max, long timeoutNanos, LongSupplier ticker) {
		this.max = max;
		this.timeoutNanos = timeoutNanos;
		this.ticker = ticker;
		this.lastSearch = ticker.getAsLong();
	}

	/**
	 * Counts a packet. Its session is found by the addresses, the ports and the session
	 * identifier (RFC 8972, 3).
	 * @param source the sender's address and port
	 * @param local the address that it has sent to, {@code null} if the server has one
	 * only
	 * @param session the session identifier
	 * @return what the answer says, {@code null} if there is no place for a new session
	 */
	public @Nullable StampCounts count(InetSocketAddress source, @Nullable InetAddress local, int session) {
		Key key = new Key(source, local, session);
		long now = this.ticker.getAsLong();
		Session found = this.sessions.get(key);
		if (found == null || found.isOver(now, this.timeoutNanos)) {
			found = begin(key, now);
		}
		if (found == null) {
			this.uncounted.increment();
			return null;
		}
		return found.count(now);
	}

	private synchronized @Nullable Session begin(Key key, long now) {
		Session found = this.sessions.get(key);
		if (found != null && !found.isOver(now, this.timeoutNanos)) {
			// Another thread was faster.
			return found;
		}
		if (found == null && this.sessions.size() >= this.max) {
			forgetOld(now);
			if (this.sessions.size() >= this.max) {
				return null;
			}
		}
		Session session = new Session(now);
		this.sessions.put(key, session);
		return session;
	}

	private void forgetOld(long now) {
		if (now - this.lastSearch >= Math.min(SEARCH_INTERVAL_NANOS, this.timeoutNanos)) {
			this.lastSearch = now;
			this.sessions.values().removeIf((session) -> session.isOver(now, this.timeoutNanos));
		}
	}

	/**
	 * Returns how many sessions there are, after those were forgotten that are over.
	 * @return the number of sessions
	 */
	public synchronized int size() {
		forgetOld(this.ticker.getAsLong());
		return this.sessions.size();
	}

	/**
	 * Returns how many packets were not counted, because there was no place for their
	 * session.
	 * @return the number of packets since the start
	 */
	public long uncounted() {
		return this.uncounted.sum();
	}

	private record Key(InetSocketAddress source, @Nullable InetAddress local, int session) {
	}

	private static final class Session {

		private final AtomicInteger packets = new AtomicInteger();

		private volatile long last;

		Session(long now) {
			this.last = now;
		}

		boolean isOver(long now, long timeoutNanos) {
			return now - this.last > timeoutNanos;
		}

		/** The numbers start with 0 (RFC 8762, 4.3.1). Each packet is answered. */
		StampCounts count(long now) {
			this.last = now;
			int sequence = this.packets.getAndIncrement();
			return new StampCounts(sequence, sequence + 1, sequence + 1);
		}

	}

}
