package dev.socketecho.transport.direct;

import java.util.function.BooleanSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the connections of an event loop read into its {@link ReceiveBuffer}, one after
 * the other. It is for epoll, where a read starts when the bytes are there, and for
 * pipelines in which no handler keeps buffers: a few bytes would hold the whole buffer.
 * Netty's read loop calls it on the event loop. {@link DirectReceive} takes it as the
 * sign that a connection may share the buffer.
 * <p>
 * Like {@link PausableReceiveAllocator}, it makes {@code autoRead=false} work after a
 * half-close.
 */
public final class SharedReceiveAllocator extends DefaultMaxMessagesRecvByteBufAllocator {

	/** Reads of one read loop: 1 MB in all, like Netty's 16 times 64 KB. */
	private static final int READS = 8;

	private final BooleanSupplier scarce;

	/**
	 * Creates an allocator.
	 * @param scarce whether memory is scarce: reads are short then
	 */
	public SharedReceiveAllocator(BooleanSupplier scarce) {
		super(READS);
		this.scarce = scarce;
	}

	@Override
	@SuppressWarnings("deprecation") // the interface's method returns this type
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
			if (SharedReceiveAllocator.this.scarce.getAsBoolean()) {
				return PausableReceiveAllocator.shortRead(allocator);
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
