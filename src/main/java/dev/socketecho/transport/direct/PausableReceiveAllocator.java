package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads as much at once as a guess says that follows the traffic, and makes
 * {@code autoRead=false} hold on epoll and io_uring after the peer has half-closed: Netty
 * then reads to the end of the socket's receive buffer, megabytes of it, whatever
 * {@code autoRead} says, and back-pressure would bound nothing. The read loop is broken
 * with an exception here, since that is its only way out; the first handler swallows it.
 * Reading resumes with {@code autoRead}.
 * <p>
 * With io_uring the first read after the half-close begins where Netty catches no
 * exception. It gets a small buffer instead, and the second one ends the loop.
 */
public final class PausableReceiveAllocator extends AdaptiveRecvByteBufAllocator {

	/** What one read of a paused connection may take, in bytes. */
	private static final int PAUSED_READ_SIZE = 64;

	private final boolean firstReadMayThrow;

	/**
	 * Creates an allocator.
	 * @param firstReadMayThrow whether the transport catches what the first allocation of
	 * a read loop throws
	 */
	public PausableReceiveAllocator(boolean firstReadMayThrow) {
		this.firstReadMayThrow = firstReadMayThrow;
	}

	@Override
	@SuppressWarnings("deprecation") // the interface's own method returns the type
	public Handle newHandle() {
		return new PausableHandle((ExtendedHandle) super.newHandle(), this.firstReadMayThrow);
	}

	/**
	 * Ends one read loop.
	 */
	public static final class ReadsPausedException extends RuntimeException {

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

		private @Nullable ChannelConfig config;

		private boolean firstRead;

		PausableHandle(RecvByteBufAllocator.ExtendedHandle delegate, boolean firstReadMayThrow) {
			super(delegate);
			this.delegate = delegate;
			this.firstReadMayThrow = firstReadMayThrow;
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
				return super.allocate(allocator);
			}
			if (first && !this.firstReadMayThrow) {
				return allocator.ioBuffer(PAUSED_READ_SIZE, PAUSED_READ_SIZE);
			}
			throw ReadsPausedException.INSTANCE;
		}

		@Override
		public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
			return this.delegate.continueReading(maybeMoreDataSupplier);
		}

	}

}
