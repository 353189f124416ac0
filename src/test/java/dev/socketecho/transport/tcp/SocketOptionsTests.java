package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
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
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.transport = type)) {
			assertThat(isNoDelay(server, true)).isTrue();
			assertThat(isNoDelay(server, false)).isFalse();
		}
	}

	private static boolean isNoDelay(TestServer server, boolean tcpNoDelay) throws InterruptedException {
		SocketOptions options = new SocketOptions(tcpNoDelay, true, true, false, null, null, null, null);
		Bootstrap bootstrap = new Bootstrap().group(server.eventLoops.group())
			.channel(server.eventLoops.transport().clientChannelType())
			.handler(new ChannelInboundHandlerAdapter());
		options.forConnection(bootstrap::option);
		Channel channel = bootstrap.connect(new InetSocketAddress("127.0.0.1", server.factory.getPort()))
			.sync()
			.channel();
		try {
			return ((SocketChannel) channel).config().isTcpNoDelay();
		}
		finally {
			channel.close().sync();
		}
	}

}
