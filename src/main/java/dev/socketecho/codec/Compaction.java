package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Copies bytes that have to wait out of the large buffer that they were read into, so
 * that a few bytes do not keep all of it in memory: a byte that waits costs at most two.
 * The decoder calls it for incomplete frames, the output for answers that queue up.
 */
public final class Compaction {

	private Compaction() {
	}

	/**
	 * Copies content into a buffer of its size if it keeps more than twice as much
	 * memory.
	 * @param allocator the allocator of the copy
	 * @param content the content; this takes over the caller's reference
	 * @return {@code content} or a copy of it, for the caller to release
	 */
	public static ByteBuf compact(ByteBufAllocator allocator, ByteBuf content) {
		if (content.readableBytes() * 2L >= held(content)) {
			return content;
		}
		try {
			return allocator.directBuffer(content.readableBytes()).writeBytes(content);
		}
		finally {
			content.release();
		}
	}

	/**
	 * Returns how much memory a buffer keeps: a slice keeps all of the buffer that it is
	 * a part of.
	 * @param content the buffer
	 * @return the memory in bytes
	 */
	public static int held(ByteBuf content) {
		ByteBuf root = content;
		for (ByteBuf parent = root.unwrap(); parent != null; parent = root.unwrap()) {
			root = parent;
		}
		return root.capacity();
	}

}
