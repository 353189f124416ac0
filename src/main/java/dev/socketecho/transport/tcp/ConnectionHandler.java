package dev.socketecho.transport.tcp;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.codec.Frames;
import dev.socketecho.codec.FramingSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * The last handler of a connection: translates the pipeline's events for the connection.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private final NettyTcpConnection connection;

	private ConnectionHandler(NettyTcpConnection connection) {
		this.connection = connection;
	}

	/**
	 * Adds what every connection ends with, past the socket and TLS: the gate, the
	 * decoder that cuts frames, where there are any, and this.
	 */
	static void add(ChannelPipeline pipeline, NettyTcpConnection connection, FramingSpec framing) {
		FrameDecoder decoder = framing.newDecoder();
		pipeline.addLast(HandlerNames.INBOUND_GATE, new InboundGate(connection, decoder));
		if (decoder != null) {
			pipeline.addLast(HandlerNames.FRAMES, decoder);
		}
		pipeline.addLast(HandlerNames.CONNECTION, new ConnectionHandler(connection));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.life().opened();
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
			this.connection.life().inputEnded();
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		this.connection.life().failed(cause);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.connection.life().closed();
	}

}
