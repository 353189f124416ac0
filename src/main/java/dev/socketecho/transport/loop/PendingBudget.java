package dev.socketecho.transport.loop;

import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.internal.PlatformDependent;

/**
 * The bytes queued to all peers that do not read. However many such peers there are, and
 * whatever each may have queued, half of the direct memory stays free for the honest.
 * Thread-safe.
 */
public final class PendingBudget {

	private final long limit;

	private final long allowance;

	private final AtomicLong used = new AtomicLong();

	public PendingBudget(long limit, long allowance) {
		this.limit = limit;
		this.allowance = allowance;
	}

	/**
	 * A budget of half the memory that Netty may use for direct buffers.
	 * @param allowance what a connection may have queued without being accounted for, in
	 * bytes
	 */
	static PendingBudget ofDirectMemory(long allowance) {
		return new PendingBudget(PlatformDependent.maxDirectMemory() / 2, allowance);
	}

	/**
	 * What a connection may have queued without being accounted for, in bytes: nothing,
	 * where the socket takes at once what it has room for, and a little where that is
	 * known later only.
	 */
	public long allowance() {
		return this.allowance;
	}

	/**
	 * Adds bytes, or takes them back if negative.
	 */
	public void add(long bytes) {
		this.used.addAndGet(bytes);
	}

	/**
	 * The bytes that are accounted for.
	 */
	public long used() {
		return this.used.get();
	}

	/**
	 * Whether no more should be queued.
	 */
	public boolean isExceeded() {
		return this.used.get() > this.limit;
	}

}
