package dev.socketecho.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * Counts the bytes that come in. Once the end of the connection was decided, what still
 * comes in is read and discarded, uncounted: a socket that is closed with unread bytes
 * sends RST (RFC 9293, 3.6.1), which can destroy answers that the peer has not read yet.
 */
final class InboundGate extends ChannelInboundHandlerAdapter {

	private final NettyTcpConnection connection;

	InboundGate(NettyTcpConnection connection) {
		this.connection = connection;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		ByteBuf bytes = (ByteBuf) message;
		if (this.connection.isClosing()) {
			bytes.release();
			return;
		}
		this.connection.traffic().bytesReceived(bytes.readableBytes());
		ctx.fireChannelRead(bytes);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (!(cause instanceof PausableReceiveAllocator.ReadsPausedException)) {
			ctx.fireExceptionCaught(cause);
		}
	}

}
