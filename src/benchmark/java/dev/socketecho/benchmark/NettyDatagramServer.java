package dev.socketecho.benchmark;

import java.net.InetSocketAddress;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.util.ResourceLeakDetector;

/**
 * The reference for UDP: plain Netty, in a server that does nothing but echo. With epoll
 * it receives up to 64 datagrams of up to 2,048 bytes with one call.
 */
final class NettyDatagramServer {

	private static final int LARGEST = 2048;

	private static final int BATCH = 64;

	private NettyDatagramServer() {
	}

	/**
	 * Serves on a free port and prints it.
	 * @param args none
	 */
	public static void main(String[] args) {
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		boolean epoll = Epoll.isAvailable();
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1,
				epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
		Bootstrap bootstrap = new Bootstrap().group(group)
			.channel(epoll ? EpollDatagramChannel.class : NioDatagramChannel.class)
			.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(epoll ? LARGEST * BATCH : LARGEST))
			.handler(new Echo());
		if (epoll) {
			bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, LARGEST);
		}
		Channel server = bootstrap.bind(0).syncUninterruptibly().channel();
		System.out.println("port=" + ((InetSocketAddress) server.localAddress()).getPort());
	}

	/**
	 * Echoes; what one read loop delivers leaves in one flush.
	 */
	private static final class Echo extends ChannelInboundHandlerAdapter {

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			DatagramPacket packet = (DatagramPacket) message;
			ctx.write(new DatagramPacket(packet.content(), packet.sender()), ctx.voidPromise());
		}

		@Override
		public void channelReadComplete(ChannelHandlerContext ctx) {
			ctx.flush();
		}

	}

}
