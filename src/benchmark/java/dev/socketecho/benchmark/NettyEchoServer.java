package dev.socketecho.benchmark;

import java.net.InetSocketAddress;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NettyRuntime;
import io.netty.util.ResourceLeakDetector;

/**
 * The reference: plain Netty, in a server that does nothing but echo.
 */
final class NettyEchoServer {

	private NettyEchoServer() {
	}

	/**
	 * Serves on a free port and prints it.
	 * @param args none
	 */
	public static void main(String[] args) {
		serve(new Echo());
	}

	/**
	 * Serves on a free port and prints it.
	 * @param handler of each connection
	 */
	static void serve(ChannelHandler handler) {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		boolean epoll = Epoll.isAvailable();
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(NettyRuntime.availableProcessors(),
				epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		Channel server = new ServerBootstrap().group(group)
			.channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, 1024)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.childHandler(handler)
			.bind(0)
			.syncUninterruptibly()
			.channel();
		System.out.println("port=" + ((InetSocketAddress) server.localAddress()).getPort());
	}

	/**
	 * Echoes; what one read loop delivers leaves in one flush.
	 */
	@Sharable
	static final class Echo extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			ctx.write(message, ctx.voidPromise());
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
