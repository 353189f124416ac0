package dev.socketecho.transport;

import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.internal.PlatformDependent;

/**
 * The bytes queued to all peers that do not read. However many such peers there are, and
 * whatever each may have queued, half of the direct memory stays free for the honest.
 * Thread-safe.
 */
final class PendingBudget {

	private final long limit;

	private final AtomicLong used = new AtomicLong();

	PendingBudget(long limit) {
		this.limit = limit;
	}

	/**
	 * A budget of half the memory that Netty may use for direct buffers.
	 */
	static PendingBudget ofDirectMemory() {
		return new PendingBudget(PlatformDependent.maxDirectMemory() / 2);
	}

	/**
	 * Adds bytes, or takes them back if negative.
	 */
	void add(long bytes) {
		this.used.addAndGet(bytes);
	}

	/**
	 * The bytes that are accounted for.
	 */
	long used() {
		return this.used.get();
	}

	/**
	 * Whether no more should be queued.
	 */
	boolean isExceeded() {
		return this.used.get() > this.limit;
	}

}
