package dev.socketecho.transport.direct;

import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Allocates receive buffers whose size follows the traffic, and makes
 * {@code autoRead=false} work after the peer has half-closed. On epoll and io_uring Netty
 * then reads to the end of the socket's receive buffer, which may hold megabytes, even if
 * {@code autoRead} is off. Back-pressure would limit nothing. An exception is the only
 * way out of Netty's read loop, so this allocator throws one, and the first handler of
 * the pipeline ignores it. Reading goes on when {@code autoRead} is on again.
 * <p>
 * On io_uring Netty does not catch an exception of the first read after the half-close.
 * That read gets a small buffer, and the second one throws.
 * <p>
 * Used for connections with TLS or a PROXY header, and for all on io_uring. Netty's read
 * loop calls it on the event loop.
 */
public final class PausableReceiveAllocator extends AdaptiveRecvByteBufAllocator {

	/** The most that a read of a paused connection may receive, in bytes. */
	private static final int PAUSED_READ_SIZE = 64;

	/** What a read may receive while memory is scarce, in bytes. */
	private static final int SHORT_READ_SIZE = 4096;

	private final boolean firstReadMayThrow;

	private final BooleanSupplier scarce;

	/**
	 * Creates an allocator.
	 * @param firstReadMayThrow whether the transport catches an exception of the first
	 * allocation of a read loop
	 * @param scarce whether memory is scarce: reads are short then
	 */
	public PausableReceiveAllocator(boolean firstReadMayThrow, BooleanSupplier scarce) {
		this.firstReadMayThrow = firstReadMayThrow;
		this.scarce = scarce;
	}

	/**
	 * A buffer for a read while memory is scarce. A connection learns that the budget is
	 * used up by its own next read, and thousands of long reads would exceed it by far.
	 */
	static ByteBuf shortRead(ByteBufAllocator allocator) {
		return allocator.ioBuffer(SHORT_READ_SIZE, SHORT_READ_SIZE);
	}

	@Override
	@SuppressWarnings("deprecation") // the interface's method returns this type
	public Handle newHandle() {
		return new PausableHandle((ExtendedHandle) super.newHandle(), this.firstReadMayThrow, this.scarce);
	}

	/**
	 * Ends a read loop while reads are paused. It is not an error.
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

		private final BooleanSupplier scarce;

		private @Nullable ChannelConfig config;

		private boolean firstRead;

		PausableHandle(RecvByteBufAllocator.ExtendedHandle delegate, boolean firstReadMayThrow,
				BooleanSupplier scarce) {
			super(delegate);
			this.delegate = delegate;
			this.firstReadMayThrow = firstReadMayThrow;
			this.scarce = scarce;
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
				return this.scarce.getAsBoolean() ? shortRead(allocator) : super.allocate(allocator);
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
