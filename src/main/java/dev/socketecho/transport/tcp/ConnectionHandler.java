package dev.socketecho.transport.tcp;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.codec.Frames;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * The last handler of a connection: calls the connection for each event of the pipeline.
 */
final class ConnectionHandler extends ChannelInboundHandlerAdapter {

	private final NettyTcpConnection connection;

	private ConnectionHandler(NettyTcpConnection connection) {
		this.connection = connection;
	}

	/**
	 * Adds the last handlers of a connection, a server's or a client's: the gate, the
	 * handlers of the framing, and this one.
	 */
	static void add(ChannelPipeline pipeline, NettyTcpConnection connection, FramingSpec framing) {
		FrameDecoder decoder = framing.newDecoder();
		boolean webSocket = framing.framing() == Framing.WEBSOCKET;
		pipeline.addLast(HandlerNames.INBOUND_GATE, new InboundGate(connection, decoder, webSocket));
		if (decoder != null) {
			pipeline.addLast(HandlerNames.FRAMES, decoder);
		}
		if (webSocket) {
			connection.messageOutput()
				.setWebSocket(WebSocketSession.add(pipeline, HandlerNames.FRAMES, framing, connection.isServer(),
						new WebSocketHost(connection)));
		}
		pipeline.addLast(HandlerNames.CONNECTION, new ConnectionHandler(connection));
	}

	@Override
	public void channelActive(ChannelHandlerContext ctx) {
		this.connection.life().opened();
	}

	/**
	 * The decoder has completed frames that came in parts, or WebSocket messages.
	 */
	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		this.connection.messageInput().receive((Frames) message);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		this.connection.messageInput().readComplete();
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

	private record WebSocketHost(NettyTcpConnection connection) implements WebSocketSession.Host {

		@Override
		public boolean isClosing() {
			return this.connection.isClosing();
		}

		@Override
		public void opened() {
			this.connection.messageOutput().greet();
		}

		@Override
		public void received(int bytes) {
			this.connection.traffic().bytesReceived(bytes);
		}

		@Override
		public void writeBeside(Runnable write) {
			this.connection.messageOutput().writeBeside(write);
		}

	}

}
