package dev.socketecho.transport.udp.socket;

import dev.socketecho.transport.direct.ReusableBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * What one socket receives bursts of datagrams into: one buffer, as long as nobody holds
 * a datagram in it past the burst. Confined to an event loop.
 */
public final class BurstBuffer {

	private static final int CACHE_LINE = 64;

	private static final int PAGE = 4096;

	private final int stride;

	private final ReusableBuffer buffer;

	/**
	 * Creates a buffer, which takes no memory yet.
	 * @param maxDatagramSize the longest datagram that is taken, in bytes
	 */
	public BurstBuffer(int maxDatagramSize) {
		int lines = (maxDatagramSize + 1 + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
		this.stride = (lines % PAGE == 0) ? lines + CACHE_LINE : lines;
		this.buffer = new ReusableBuffer(this.stride * UdpSocket.BURST);
	}

	/**
	 * The distance of two datagrams, in bytes: room for one byte more than the limit, and
	 * never whole pages, or the first bytes of all of them would share a few lines of the
	 * processor's cache.
	 */
	public int stride() {
		return this.stride;
	}

	/**
	 * The buffer; another one, if someone still holds a datagram in the last.
	 */
	public ByteBuf empty() {
		return this.buffer.get(PooledByteBufAllocator.DEFAULT);
	}

	/**
	 * Gives the memory back.
	 */
	public void release() {
		this.buffer.release();
	}

}
