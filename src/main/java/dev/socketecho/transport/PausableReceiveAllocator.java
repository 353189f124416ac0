package dev.socketecho.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code autoRead=false} hold on epoll and io_uring after the peer has half-closed:
 * Netty then reads to the end of the socket's receive buffer, megabytes of it, whatever
 * {@code autoRead} says, and back-pressure would bound nothing. The read loop is broken
 * with an exception here, since that is its only way out; {@link InboundGate} swallows
 * it. Reading resumes with {@code autoRead}.
 * <p>
 * With io_uring the first read after the half-close begins where Netty catches no
 * exception. It gets a small buffer instead, and the second one ends the loop.
 * <p>
 * On epoll, which reads when the bytes are there, connections of one event loop can share
 * its {@link ReceiveBuffer}. Others read as much at once as a guess says that follows
 * their traffic.
 */
final class PausableReceiveAllocator extends AdaptiveRecvByteBufAllocator {

	/** What one read of a paused connection may take, in bytes. */
	private static final int PAUSED_READ_SIZE = 64;

	/** How many shared buffers one read loop may fill: as much as Netty's 16 of 64 KB. */
	private static final int SHARED_READS = 8;

	private final boolean firstReadMayThrow;

	private final boolean shared;

	private PausableReceiveAllocator(boolean firstReadMayThrow, boolean shared) {
		this.firstReadMayThrow = firstReadMayThrow;
		this.shared = shared;
	}

	/**
	 * An allocator for epoll.
	 * @param shared whether connections share the buffer of their event loop; only where
	 * no handler keeps what it is given, which would be much more than was read
	 */
	static PausableReceiveAllocator forEpoll(boolean shared) {
		PausableReceiveAllocator allocator = new PausableReceiveAllocator(true, shared);
		if (shared) {
			allocator.maxMessagesPerRead(SHARED_READS);
		}
		return allocator;
	}

	/**
	 * An allocator for io_uring, which does not catch what the first allocation of a read
	 * loop throws.
	 */
	static PausableReceiveAllocator forIoUring() {
		return new PausableReceiveAllocator(false, false);
	}

	@Override
	@SuppressWarnings("deprecation") // the interface's own method returns the type
	public Handle newHandle() {
		return new PausableHandle((ExtendedHandle) super.newHandle(), this.firstReadMayThrow, this.shared);
	}

	/**
	 * Ends one read loop.
	 */
	static final class ReadsPausedException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		static final ReadsPausedException INSTANCE = new ReadsPausedException();

		private ReadsPausedException() {
			super("reads are paused", null, false, false);
		}

	}

	private static final class PausableHandle extends RecvByteBufAllocator.DelegatingHandle
			implements RecvByteBufAllocator.ExtendedHandle {

		private final RecvByteBufAllocator.ExtendedHandle delegate;

		private final boolean firstReadMayThrow;

		private final boolean shared;

		private @Nullable ChannelConfig config;

		private @Nullable ReceiveBuffer sharedBuffer;

		private boolean firstRead;

		PausableHandle(RecvByteBufAllocator.ExtendedHandle delegate, boolean firstReadMayThrow, boolean shared) {
			super(delegate);
			this.delegate = delegate;
			this.firstReadMayThrow = firstReadMayThrow;
			this.shared = shared;
		}

		@Override
		public void reset(ChannelConfig config) {
			this.config = config;
			this.firstRead = true;
			super.reset(config);
		}

		@Override
		public ByteBuf allocate(ByteBufAllocator allocator) {
			boolean first = this.firstRead;
			this.firstRead = false;
			if (this.config == null || this.config.isAutoRead()) {
				return this.shared ? sharedBuffer().take(allocator) : super.allocate(allocator);
			}
			if (first && !this.firstReadMayThrow) {
				return allocator.ioBuffer(PAUSED_READ_SIZE, PAUSED_READ_SIZE);
			}
			throw ReadsPausedException.INSTANCE;
		}

		private ReceiveBuffer sharedBuffer() {
			ReceiveBuffer buffer = this.sharedBuffer;
			if (buffer == null) {
				buffer = ReceiveBuffer.ofEventLoop();
				this.sharedBuffer = buffer;
			}
			return buffer;
		}

		@Override
		public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
			return this.delegate.continueReading(maybeMoreDataSupplier);
		}

	}

}
