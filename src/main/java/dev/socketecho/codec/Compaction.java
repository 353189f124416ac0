package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * Keeps a few bytes that have to wait from holding the large buffer that they were read
 * into: a byte that waits costs two bytes at most.
 */
public final class Compaction {

	private Compaction() {
	}

	/**
	 * Moves content into a buffer of its size, if it would hold more than twice that
	 * otherwise.
	 * @param allocator where a buffer comes from
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
	 * Returns how much memory a buffer holds: a slice holds all of what it was cut from.
	 * @param content the buffer
	 * @return a number of bytes
	 */
	public static int held(ByteBuf content) {
		ByteBuf root = content;
		for (ByteBuf parent = root.unwrap(); parent != null; parent = root.unwrap()) {
			root = parent;
		}
		return root.capacity();
	}

}
