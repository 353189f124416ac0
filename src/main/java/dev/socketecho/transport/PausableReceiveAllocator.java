package dev.socketecho.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@code autoRead=false} hold on epoll after the peer has half-closed: Netty then
 * reads to the end of the socket's receive buffer, megabytes of it, whatever
 * {@code autoRead} says, and back-pressure would bound nothing. The read loop is broken
 * with an exception here, since that is its only way out; {@link InboundGate} swallows
 * it. Reading resumes with {@code autoRead}.
 */
final class PausableReceiveAllocator extends AdaptiveRecvByteBufAllocator {

	@Override
	@SuppressWarnings("deprecation") // the interface's own method returns the type
	public Handle newHandle() {
		return new PausableHandle((ExtendedHandle) super.newHandle());
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

		private @Nullable ChannelConfig config;

		PausableHandle(RecvByteBufAllocator.ExtendedHandle delegate) {
			super(delegate);
			this.delegate = delegate;
		}

		@Override
		public void reset(ChannelConfig config) {
			this.config = config;
			super.reset(config);
		}

		@Override
		public ByteBuf allocate(ByteBufAllocator allocator) {
			if (this.config != null && !this.config.isAutoRead()) {
				throw ReadsPausedException.INSTANCE;
			}
			return super.allocate(allocator);
		}

		@Override
		public boolean continueReading(UncheckedBooleanSupplier maybeMoreDataSupplier) {
			return this.delegate.continueReading(maybeMoreDataSupplier);
		}

	}

}
