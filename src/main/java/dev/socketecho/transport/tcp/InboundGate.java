package dev.socketecho.transport.tcp;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.codec.Frames;
import dev.socketecho.transport.direct.DirectInput;
import dev.socketecho.transport.direct.PausableReceiveAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection, past the socket and TLS. Counts the bytes of each
 * read and delivers the complete frames at its front to the connection. Only a rest goes
 * on through the pipeline, to {@link FrameDecoder}, which keeps it until it is complete,
 * and {@link ConnectionHandler}.
 * <p>
 * Once the end of the connection is decided, further bytes are discarded, uncounted. They
 * have to be read: a socket that is closed with unread bytes sends RST (RFC 9293, 3.6.1),
 * which can destroy answers that the peer has not read yet.
 */
final class InboundGate extends ChannelInboundHandlerAdapter implements DirectInput {

	private final NettyTcpConnection connection;

	private final @Nullable FrameDecoder decoder;

	/**
	 * Creates a gate.
	 * @param connection the connection
	 * @param decoder the next handler, {@code null} if each read is a message
	 */
	InboundGate(NettyTcpConnection connection, @Nullable FrameDecoder decoder) {
		this.connection = connection;
		this.decoder = decoder;
	}

	/**
	 * Netty's read loop or TLS has read bytes.
	 */
	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		deliver(ctx, (ByteBuf) message);
	}

	/**
	 * {@code DirectReceive} has read bytes, and that was the whole read.
	 */
	@Override
	public void receive(ChannelHandlerContext ctx, ByteBuf bytes) {
		if (deliver(ctx, bytes)) {
			complete(ctx);
		}
		else {
			ctx.fireChannelReadComplete();
		}
	}

	/**
	 * Delivers bytes: complete frames to the connection, the rest to the decoder.
	 * @return whether nothing is left for the decoder
	 */
	private boolean deliver(ChannelHandlerContext ctx, ByteBuf bytes) {
		if (this.connection.isClosing()) {
			bytes.release();
			return true;
		}
		this.connection.traffic().bytesReceived(bytes.readableBytes());
		Frames frames;
		try {
			frames = (this.decoder != null) ? this.decoder.takeFrames(bytes) : new Frames(bytes, 1);
		}
		catch (Throwable ex) {
			bytes.release();
			ctx.fireExceptionCaught(ex);
			return false;
		}
		boolean all = frames != null && frames.content() == bytes;
		if (frames != null) {
			deliver(ctx, frames);
		}
		if (!all) {
			ctx.fireChannelRead(bytes);
		}
		return all;
	}

	private void deliver(ChannelHandlerContext ctx, Frames frames) {
		try {
			this.connection.receive(frames);
		}
		catch (Throwable ex) {
			ctx.fireExceptionCaught(ex);
		}
	}

	private void complete(ChannelHandlerContext ctx) {
		try {
			this.connection.readComplete();
		}
		catch (Throwable ex) {
			ctx.fireExceptionCaught(ex);
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!(cause instanceof PausableReceiveAllocator.ReadsPausedException)) {
			ctx.fireExceptionCaught(cause);
		}
	}

}
