package dev.socketecho.transport.loop;

import java.net.InetAddress;
import java.net.ServerSocket;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the options of sockets, as the operating system has them.
 */
class SocketOptionsTests {

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void smallSegmentsAreSentAtOnceUnlessThatIsOff(TransportType type) throws Exception {
		try (ServerSocket peer = new ServerSocket(0, 2, InetAddress.getLoopbackAddress());
				EventLoops eventLoops = new EventLoops(type, 1, "test-io")) {
			assertThat(isNoDelay(eventLoops, peer, true)).isTrue();
			assertThat(isNoDelay(eventLoops, peer, false)).isFalse();
		}
	}

	private static boolean isNoDelay(EventLoops eventLoops, ServerSocket peer, boolean tcpNoDelay)
			throws InterruptedException {
		SocketOptions options = new SocketOptions(tcpNoDelay, true, true, false, null, null, null, null);
		Bootstrap bootstrap = new Bootstrap().group(eventLoops.group())
			.channel(eventLoops.transport().clientChannelType())
			.handler(new ChannelInboundHandlerAdapter());
		options.forConnection(bootstrap::option);
		Channel channel = bootstrap.connect(peer.getLocalSocketAddress()).sync().channel();
		try {
			return ((SocketChannel) channel).config().isTcpNoDelay();
		}
		finally {
			channel.close().sync();
		}
	}

}
