package dev.socketecho.transport;

import dev.socketecho.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.timeout.IdleStateEvent;

/**
 * The last handler of a connection: translates the pipeline's events for the connection.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private final NettyTcpConnection connection;

	ConnectionHandler(NettyTcpConnection connection) {
		this.connection = connection;
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.opened();
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.connection.receive((message instanceof Frames frames) ? frames : new Frames((ByteBuf) message, 1));
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.connection.readComplete();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent) {
			this.connection.inputEnded();
		}
		else if (event instanceof IdleStateEvent) {
			this.connection.idle();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.connection.failed(cause);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.connection.closed();
	}

}
