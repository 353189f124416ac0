package dev.socketecho.transport.direct;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Lets the connections of an event loop read into its {@link ReceiveBuffer}, one after
 * the other. For epoll, which reads when the bytes are there, and for pipelines in which
 * no handler keeps what it is given: that would be much more than was read.
 * <p>
 * Like {@link PausableReceiveAllocator}, this makes {@code autoRead=false} hold.
 */
public final class SharedReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

	/** How often one read loop may fill the buffer: 1 MB, as Netty's 16 times 64 KB. */
	private static final int READS = 8;

	public SharedReceiveAllocator() {
		super(READS);
	}

	@Override
	@SuppressWarnings("deprecation") // the interface's own method returns the type
	public RecvByteBufAllocator.Handle newHandle() {
		return new SharedHandle();
	}

	private final class SharedHandle extends MaxMessageHandle {

		private @Nullable ChannelConfig config;

		private @Nullable ReceiveBuffer buffer;

		@Override
		public void reset(ChannelConfig config) {
			this.config = config;
			super.reset(config);
		}

		@Override
		public ByteBuf allocate(ByteBufAllocator allocator) {
			if (this.config != null && !this.config.isAutoRead()) {
				throw PausableReceiveAllocator.ReadsPausedException.INSTANCE;
			}
			ReceiveBuffer taken = this.buffer;
			if (taken == null) {
				taken = ReceiveBuffer.ofEventLoop();
				this.buffer = taken;
			}
			return taken.take(allocator);
		}

		@Override
		public int guess() {
			return ReceiveBuffer.SIZE;
		}

	}

}
