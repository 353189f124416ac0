package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that is used again and again. If a part of it is still in use at the next
 * {@link #get}, a new buffer replaces it. The receive buffers of TCP and UDP use it.
 * Confined to an event loop.
 */
public final class ReusableBuffer {

	private final int size;

	private @Nullable ByteBuf buffer;

	/**
	 * Creates an instance. Memory is allocated when it is first used.
	 * @param size the size of the buffer in bytes
	 */
	public ReusableBuffer(int size) {
		this.size = size;
	}

	/**
	 * Returns the buffer, or a new one if a part of the last one is still in use.
	 * @param allocator allocates a new one
	 * @return the buffer, which this object continues to own
	 */
	public ByteBuf get(ByteBufAllocator allocator) {
		ByteBuf current = this.buffer;
		if (current == null || current.refCnt() > 1) {
			release();
			current = allocator.directBuffer(this.size, this.size);
			this.buffer = current;
		}
		return current;
	}

	/**
	 * Releases the memory.
	 */
	public void release() {
		ByteBuf released = this.buffer;
		if (released != null) {
			this.buffer = null;
			released.release();
		}
	}

}
