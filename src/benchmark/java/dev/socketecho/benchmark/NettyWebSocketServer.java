package dev.socketecho.benchmark;

import java.net.InetSocketAddress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.util.NettyRuntime;
import io.netty.util.ResourceLeakDetector;

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
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		boolean epoll = Epoll.isAvailable();
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(NettyRuntime.availableProcessors(),
				epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		Channel server = new ServerBootstrap().group(group)
			.channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, 1024)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.childHandler(new Pipeline())
			.bind(0)
			.syncUninterruptibly()
			.channel();
		System.out.println("port=" + ((InetSocketAddress) server.localAddress()).getPort());
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
