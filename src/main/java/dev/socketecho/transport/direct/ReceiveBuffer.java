package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The buffer that an event loop reads into, from one connection after the other: an echo
 * has left before the next read, so the same memory, which the processor's cache still
 * holds, serves all of them, and is large enough for what most sockets have. Whoever
 * keeps a part of it keeps it to itself; the next read gets another one.
 * <p>
 * Each event loop has its own, which is confined to it.
 */
final class ReceiveBuffer {

	/**
	 * In bytes. More than one message of 64 KB, so that a read which has got it all is
	 * not full: a full one makes Netty read again.
	 */
	static final int SIZE = 128 * 1024;

	private static final FastThreadLocal<ReceiveBuffer> current = new FastThreadLocal<>() {
		@Override
		protected ReceiveBuffer initialValue() {
			return new ReceiveBuffer();
		}

		@Override
		protected void onRemoval(ReceiveBuffer buffer) {
			buffer.buffer.release();
		}
	};

	private final ReusableBuffer buffer = new ReusableBuffer(SIZE);

	private ReceiveBuffer() {
	}

	/**
	 * The buffer of the event loop that calls.
	 */
	static ReceiveBuffer ofEventLoop() {
		return current.get();
	}

	/**
	 * Takes the buffer for a read.
	 * @param allocator where the next one comes from if this one is kept
	 * @return an empty buffer, for the caller to release
	 */
	ByteBuf take(ByteBufAllocator allocator) {
		return this.buffer.get(allocator).clear().retain();
	}

}
