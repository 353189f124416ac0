package dev.socketecho.client;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what a client has outstanding, in requests and in bytes, so that a server that
 * does not answer cannot fill the memory. Thread-safe.
 */
final class OutstandingLimit {

	/** Requests that one client may have outstanding. */
	static final int REQUESTS = 65_536;

	/** Bytes that these may have together; a single message may be longer. */
	static final long BYTES = 64L * 1024 * 1024;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicLong bytes = new AtomicLong();

	/**
	 * Takes room for a request.
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
	 * Gives the room of a request back.
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
