package dev.socketecho.transport.udp.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.UdpTestClient;
import dev.socketecho.transport.udp.socket.UdpSocket.Interest;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link SocketWatch}.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
class SocketWatchTests {

	private final TransportType type;

	SocketWatchTests(TransportType type) {
		this.type = type;
	}

	/**
	 * A datagram of another thread can find no room while the socket is watched for
	 * datagrams.
	 */
	@Test
	void tellsOfRoomWithoutADatagramThatComes() throws Exception {
		Assumptions.assumeTrue(this.type != TransportType.NIO, "has no watch");
		BlockingQueue<Interest> told = new LinkedBlockingQueue<>();
		Socket socket = Socket.newSocketDgram();
		try (EventLoops eventLoops = new EventLoops(this.type, 1, "test-io");
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
			IoEventLoop eventLoop = (IoEventLoop) eventLoops.next();
			Listener listener = new Listener(told);
			SocketWatch watch = SocketWatch.of(eventLoop, socket, listener);
			listener.watch = watch;
			watch.attach(eventLoop).sync();
			eventLoop.submit(() -> watch.watch(Interest.ROOM)).sync();
			assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(Interest.ROOM);
			eventLoop.submit(() -> watch.watch(Interest.DATAGRAMS)).sync();
			assertThat(told).isEmpty();
			client.send(UdpTestClient.text("a"), socket.localAddress());
			assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo(Interest.DATAGRAMS);
			eventLoop.submit(watch::cancel).sync();
		}
		finally {
			socket.close();
		}
	}

	/**
	 * Watches for nothing after it was called.
	 */
	private static final class Listener implements UdpSocket.Listener {

		private final BlockingQueue<Interest> told;

		private SocketWatch watch;

		Listener(BlockingQueue<Interest> told) {
			this.told = told;
		}

		@Override
		public void readable() {
			this.watch.watch(Interest.NOTHING);
			this.told.add(Interest.DATAGRAMS);
		}

		@Override
		public void writable() {
			this.watch.watch(Interest.NOTHING);
			this.told.add(Interest.ROOM);
		}

	}

}
