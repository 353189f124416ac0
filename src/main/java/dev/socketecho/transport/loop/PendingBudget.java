package dev.socketecho.transport.loop;

import java.util.concurrent.atomic.AtomicLong;

import io.netty.util.internal.PlatformDependent;

/**
 * Limits the bytes that are queued for all peers that do not read. However many such
 * peers there are, half of the direct memory stays free for the others. Connections add
 * to it and ask it for back-pressure. Thread-safe.
 */
public final class PendingBudget {

	private final long limit;

	private final long allowance;

	private final AtomicLong used = new AtomicLong();

	/**
	 * Creates a budget.
	 * @param limit the most bytes that all connections together should have queued
	 * @param allowance the bytes that a connection may have queued without counting
	 */
	public PendingBudget(long limit, long allowance) {
		this.limit = limit;
		this.allowance = allowance;
	}

	/**
	 * Creates a budget of half the memory that Netty may use for direct buffers.
	 * @param allowance the bytes that a connection may have queued without counting
	 */
	static PendingBudget ofDirectMemory(long allowance) {
		return new PendingBudget(PlatformDependent.maxDirectMemory() / 2, allowance);
	}

	/**
	 * Returns how much a connection may have queued without counting. It is 0 on epoll
	 * and NIO, where a send is complete at once, and more on io_uring, where it takes a
	 * moment.
	 * @return the allowance in bytes
	 */
	public long allowance() {
		return this.allowance;
	}

	/**
	 * Adds bytes to the budget's use.
	 * @param bytes how many; negative to give them back
	 */
	public void add(long bytes) {
		this.used.addAndGet(bytes);
	}

	/**
	 * Returns the bytes in use.
	 * @return how many bytes count at the moment
	 */
	public long used() {
		return this.used.get();
	}

	/**
	 * Returns whether no more bytes should be queued.
	 * @return whether the limit is exceeded
	 */
	public boolean isExceeded() {
		return this.used.get() > this.limit;
	}

}
