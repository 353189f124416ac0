package dev.socketecho.transport.udp.socket;

import dev.socketecho.transport.direct.ReusableBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

/**
 * The memory that one server socket receives its bursts into. {@code UdpInput} asks for
 * it before each burst. It is the same buffer every time, unless a datagram of the last
 * burst is still in use. Confined to an event loop.
 */
public final class BurstBuffer {

	private static final int CACHE_LINE = 64;

	private static final int PAGE = 4096;

	private final int stride;

	private final ReusableBuffer buffer;

	/**
	 * Creates a buffer. Memory is allocated with the first burst.
	 * @param maxDatagramSize the server's limit, in bytes
	 */
	public BurstBuffer(int maxDatagramSize) {
		int lines = (maxDatagramSize + 1 + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
		this.stride = (lines % PAGE == 0) ? lines + CACHE_LINE : lines;
		this.buffer = new ReusableBuffer(this.stride * UdpSocket.BURST);
	}

	/**
	 * Returns the distance of two datagrams. It has room for one byte more than the
	 * limit, so that a longer datagram is noticed. It is never a multiple of the page
	 * size: otherwise the first bytes of all datagrams would share a few lines of the
	 * processor's cache.
	 * @return the distance in bytes
	 */
	public int stride() {
		return this.stride;
	}

	/**
	 * Returns the buffer for the next burst.
	 * @return an empty buffer, which this object continues to own
	 */
	public ByteBuf empty() {
		return this.buffer.get(PooledByteBufAllocator.DEFAULT);
	}

	/**
	 * Releases the memory.
	 */
	public void release() {
		this.buffer.release();
	}

}
