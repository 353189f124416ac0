package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * The buffer that an event loop reads into, for all of its plain connections on epoll. An
 * echo is usually sent before the next read, so one buffer is enough: it is larger than
 * what most sockets hold, and it stays in the processor's cache. If a handler still uses
 * a part of it, the next read gets a new one.
 * <p>
 * Each event loop has its own instance, which is confined to it. {@link DirectReceive}
 * and {@link SharedReceiveAllocator} use it.
 */
final class ReceiveBuffer {

	/**
	 * The size in bytes. It is more than a message of 64 KB, so that a read of such a
	 * message does not fill the buffer: after a full read Netty reads again.
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
	 * Returns the instance of the current event loop.
	 */
	static ReceiveBuffer ofEventLoop() {
		return current.get();
	}

	/**
	 * Returns the buffer for a read.
	 * @param allocator allocates a new one if the last one is still in use
	 * @return an empty buffer, for the caller to release
	 */
	ByteBuf take(ByteBufAllocator allocator) {
		return this.buffer.get(allocator).clear().retain();
	}

}
