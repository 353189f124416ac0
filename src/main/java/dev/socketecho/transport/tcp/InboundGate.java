package dev.socketecho.transport.tcp;

import java.util.Objects;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.codec.Frames;
import dev.socketecho.transport.direct.DirectInput;
import dev.socketecho.transport.direct.PausableReceiveAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The first handler behind TLS; without TLS the first handler of the connection.
 * {@code DirectReceive}, Netty's read loop or the TLS handler gives it the bytes of each
 * read. It counts them and delivers the complete frames at the front to the connection.
 * Only an incomplete frame goes on through the pipeline: {@link FrameDecoder} keeps it
 * until it is complete, and {@link ConnectionHandler} delivers it.
 * <p>
 * Once the end of the connection is decided, further bytes are discarded, uncounted. They
 * have to be read: a socket that is closed with unread bytes sends RST (RFC 9293, 3.6.1),
 * which can destroy answers that the peer has not read yet.
 */
final class InboundGate extends ChannelInboundHandlerAdapter implements DirectInput {

	private final NettyTcpConnection connection;

	private final MessageInput input;

	private final @Nullable FrameDecoder decoder;

	private final boolean passing;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable ConnectionFaults faults;

	/**
	 * Creates a gate.
	 * @param connection the connection
	 * @param decoder the next handler, {@code null} if each read is a message
	 * @param passing whether the next handlers do all that this does but discard: they
	 * count, and find the messages
	 */
	InboundGate(NettyTcpConnection connection, @Nullable FrameDecoder decoder, boolean passing) {
		this.connection = connection;
		this.input = connection.messageInput();
		this.decoder = decoder;
		this.passing = passing;
	}

	/**
	 * Gives the connection faults, which may stand in front of the gate or behind it.
	 */
	void setFaults(ConnectionFaults faults) {
		this.faults = faults;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
	}

	/**
	 * Netty's read loop or TLS has read bytes.
	 */
	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		deliver((ByteBuf) message);
	}

	/**
	 * Only faults of the bytes on the wire are added in front of the gate later.
	 */
	@Override
	public boolean isFirst() {
		return this.faults == null || !this.faults.hasByteFaults();
	}

	/**
	 * {@code DirectReceive} has read bytes, and that was the whole read.
	 */
	@Override
	public void receive(ByteBuf bytes) {
		if (deliver(bytes)) {
			complete();
		}
		else {
			context().fireChannelReadComplete();
		}
	}

	/**
	 * Delivers complete frames to the connection, and an incomplete one to the decoder.
	 * @return whether there was nothing for the decoder
	 */
	private boolean deliver(ByteBuf bytes) {
		if (this.connection.isClosing()) {
			bytes.release();
			return true;
		}
		if (this.passing) {
			context().fireChannelRead(bytes);
			return false;
		}
		if (this.faults == null || !this.faults.countsBytes()) {
			this.connection.traffic().bytesReceived(bytes.readableBytes());
		}
		if (this.faults != null && this.faults.hasMessageFaults()) {
			context().fireChannelRead(bytes);
			return false;
		}
		Frames frames;
		try {
			frames = (this.decoder != null) ? this.decoder.takeFrames(bytes) : new Frames(bytes, 1);
		}
		catch (Throwable ex) {
			bytes.release();
			context().fireExceptionCaught(ex);
			return false;
		}
		boolean all = frames != null && frames.content() == bytes;
		if (frames != null) {
			deliver(frames);
		}
		if (!all) {
			context().fireChannelRead(bytes);
		}
		return all;
	}

	private void deliver(Frames frames) {
		try {
			this.input.receive(frames);
		}
		catch (Throwable ex) {
			context().fireExceptionCaught(ex);
		}
	}

	private void complete() {
		try {
			this.input.readComplete();
		}
		catch (Throwable ex) {
			context().fireExceptionCaught(ex);
		}
	}

	/**
	 * The context is looked at only when the pipeline is used: with many connections it
	 * would not be in the processor's caches.
	 */
	private ChannelHandlerContext context() {
		return Objects.requireNonNull(this.ctx);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!(cause instanceof PausableReceiveAllocator.ReadsPausedException)) {
			ctx.fireExceptionCaught(cause);
		}
	}

}
