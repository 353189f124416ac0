package dev.socketecho.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Limits the requests that a client has outstanding, in number and in bytes, so that a
 * server that does not answer cannot use up the memory. Thread-safe.
 */
final class OutstandingLimit {

	/** How many requests one client may have outstanding. */
	static final int REQUESTS = 65_536;

	/** How many bytes they may have together. A single message may be longer. */
	static final long BYTES = 64L * 1024 * 1024;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Reserves room for a request.
	 * @param length the length of its message, in bytes
	 * @return whether there was room
	 */
	boolean tryAcquire(int length) {
		if (this.requests.incrementAndGet() > REQUESTS) {
			this.requests.decrementAndGet();
			return false;
		}
		if (this.bytes.getAndAdd(length) > 0 && this.bytes.get() > BYTES) {
			release(length);
			return false;
		}
		return true;
	}

	/**
	 * Releases the room of a request.
	 */
	void release(int length) {
		this.requests.decrementAndGet();
		this.bytes.addAndGet(-length);
	}

	/**
	 * How many requests are outstanding.
	 */
	int requests() {
		return this.requests.get();
	}

}
