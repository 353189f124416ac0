package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One buffer, as long as nobody holds a part of it past its use: then the next use gets
 * another one. Confined to an event loop.
 */
public final class ReusableBuffer {

	private final int size;

	private @Nullable ByteBuf buffer;

	/**
	 * Creates an instance, which takes no memory yet.
	 * @param size how large the buffer is, in bytes
	 */
	public ReusableBuffer(int size) {
		this.size = size;
	}

	/**
	 * The buffer; another one, if someone still holds a part of the last.
	 * @param allocator where another one comes from
	 * @return the buffer, which this goes on to own
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
	 * Gives the memory back.
	 */
	public void release() {
		ByteBuf released = this.buffer;
		if (released != null) {
			this.buffer = null;
			released.release();
		}
	}

}
