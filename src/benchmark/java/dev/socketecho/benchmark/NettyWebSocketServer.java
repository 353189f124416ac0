package dev.socketecho.benchmark;

import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/**
 * The reference for WebSocket: plain Netty, as in its own examples, in a server that does
 * nothing but echo. It validates text as UTF-8, and does not compress.
 */
final class NettyWebSocketServer {

	private static final int LONGEST_REQUEST = 8192;

	private static final int LONGEST_FRAME = 1 << 20;

	private NettyWebSocketServer() {
	}

	/**
	 * Serves on a free port and prints it.
	 * @param args none
	 */
	public static void main(String[] args) {
		NettyEchoServer.serve(new Pipeline());
	}

	/**
	 * Netty's handlers, then the echo. The handshake takes those of HTTP out.
	 */
	private static final class Pipeline extends ChannelInitializer<SocketChannel> {

		private final WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
			.websocketPath("/")
			.checkStartsWith(true)
			.maxFramePayloadLength(LONGEST_FRAME)
			.build();

		private final Echo echo = new Echo();

		@Override
		protected void initChannel(SocketChannel channel) {
			channel.pipeline()
				.addLast(new HttpServerCodec(), new HttpObjectAggregator(LONGEST_REQUEST),
						new WebSocketServerProtocolHandler(this.config), this.echo);
		}

	}

	/**
	 * Echoes frame for frame; what one read loop delivers leaves in one flush.
	 */
	@Sharable
	private static final class Echo extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object frame) {
			ctx.write(frame, ctx.voidPromise());
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext ctx) {
			ctx.flush();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			ctx.close();
		}

	}

}
