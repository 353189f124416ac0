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
 * Where a connection's input begins, past the socket and TLS. Counts the bytes that come
 * in. Once the end of the connection was decided, what still comes in is read and
 * discarded, uncounted: a socket that is closed with unread bytes sends RST (RFC 9293,
 * 3.6.1), which can destroy answers that the peer has not read yet.
 */
final class InboundGate extends ChannelInboundHandlerAdapter implements DirectInput {

	private final NettyTcpConnection connection;

	private final @Nullable FrameDecoder decoder;

	/**
	 * Creates a gate.
	 * @param connection the connection
	 * @param decoder what follows in the pipeline; {@code null} if that is the connection
	 */
	InboundGate(NettyTcpConnection connection, @Nullable FrameDecoder decoder) {
		this.connection = connection;
		this.decoder = decoder;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		ByteBuf bytes = (ByteBuf) message;
		if (admits(bytes)) {
			ctx.fireChannelRead(bytes);
		}
		else {
			bytes.release();
		}
	}

	private boolean admits(ByteBuf bytes) {
		if (this.connection.isClosing()) {
			return false;
		}
		this.connection.traffic().bytesReceived(bytes.readableBytes());
		return true;
	}

	/**
	 * Complete frames go to the connection past the pipeline, which would do nothing else
	 * with them.
	 */
	@Override
	public void receive(ChannelHandlerContext ctx, ByteBuf bytes) {
		if (!admits(bytes)) {
			bytes.release();
			ctx.fireChannelReadComplete();
			return;
		}
		Frames frames;
		try {
			frames = (this.decoder != null) ? this.decoder.takeFrames(bytes) : new Frames(bytes, 1);
		}
		catch (Throwable ex) {
			bytes.release();
			ctx.fireExceptionCaught(ex);
			return;
		}
		boolean all = frames != null && frames.content() == bytes;
		if (frames != null) {
			deliver(ctx, frames);
		}
		if (all) {
			complete(ctx);
		}
		else {
			ctx.fireChannelRead(bytes);
			ctx.fireChannelReadComplete();
		}
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
