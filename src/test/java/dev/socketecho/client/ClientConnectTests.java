package dev.socketecho.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static dev.socketecho.client.Outcomes.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How TCP clients connect, and connect again, to servers that are not ours.
 */
class ClientConnectTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@AutoClose
	private final TcpTestClients clients = new TcpTestClients();

	private final ClientRecording recording = this.clients.recording;

	@Test
	void refusedConnectionIsReported() throws Exception {
		TcpEchoClient client = this.clients.start(ClosedPort.hold(), Framing.LINE);
		assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_REFUSED);
		assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_REFUSED);
	}

	@Test
	void resetIsReportedAndTheConnectionMadeAgain() throws Exception {
		CountDownLatch arrived = new CountDownLatch(1);
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			byte[] line = ClientPeer.readUntil(in, "\n");
			if (line[0] == 'x') {
				arrived.countDown();
				in.read();
			}
			out.write(line);
			in.transferTo(out);
		})) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			CompletableFuture<EchoReply> reset = client.send(bytes("x"));
			assertThat(arrived.await(30, TimeUnit.SECONDS)).isTrue();
			peer.reset();
			assertThat(error(reset)).isEqualTo(SocketError.CONNECTION_RESET);
			assertThat(text(client.send(bytes("hello")))).isEqualTo("hello");
		}
	}

	@Test
	void closeWithoutReplyIsReported() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> ClientPeer.readUntil(in, "\n"))) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_ABORTED);
		}
	}

	@Test
	void serverThatComesBackIsConnectedToAgain() throws Exception {
		ClientPeer first = ClientPeer.start(ClientPeer::echo);
		TcpEchoClient client = this.clients.start(first.port(), Framing.LINE);
		assertThat(text(client.send(bytes("one")))).isEqualTo("one");
		first.close();
		await().untilAsserted(
				() -> assertThat(this.recording.errors).containsOnly(SocketError.CONNECTION_REFUSED).isNotEmpty());
		try (ClientPeer second = ClientPeer.startOn(first.port(), ClientPeer::echo)) {
			await().untilAsserted(() -> assertThat(second.accepted()).isEqualTo(1));
			assertThat(text(client.send(bytes("two")))).isEqualTo("two");
		}
	}

	/**
	 * The least waits between four connections that end without a reply are 50, 100 and
	 * 200 ms.
	 */
	@Test
	void connectionsThatEndAtOnceAreMadeAgainLaterEachTime() throws Exception {
		List<Long> accepted = new CopyOnWriteArrayList<>();
		try (ClientPeer peer = ClientPeer.start((_, _) -> accepted.add(System.nanoTime()))) {
			this.clients.start(peer.port(), Framing.LINE).send(bytes("hello"));
			await().until(() -> accepted.size() >= 4);
			assertThat(Duration.ofNanos(accepted.get(3) - accepted.get(0))).isGreaterThan(Duration.ofMillis(300));
		}
	}

	@Test
	void connectionThatIsNotMadeTimesOut() throws Exception {
		try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			List<Socket> fillers = new ArrayList<>();
			// The kernel drops SYNs once the backlog is full.
			for (int i = 0; i < 3; i++) {
				Socket filler = new Socket();
				fillers.add(filler);
				try {
					filler.connect(full.getLocalSocketAddress(), 200);
				}
				catch (IOException ex) {
					break;
				}
			}
			TcpEchoClient client = this.clients.start(
					TcpTestClients.settings(full.getLocalPort(), Framing.LINE, Duration.ofMillis(200), LONG, 1, false));
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_TIMED_OUT);
			for (Socket filler : fillers) {
				filler.close();
			}
		}
	}

	@Test
	void nameThatDoesNotResolveIsReported() throws Exception {
		TcpEchoClient client = this.clients.start(settings("does-not-exist.invalid", 7, null, 0));
		assertThat(error(client.send(bytes("hello")))).isIn(SocketError.HOST_NOT_FOUND,
				// Where no name server answers
				SocketError.CONNECTION_TIMED_OUT);
	}

	@Test
	void nameFromTheHostsFileResolves() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = this.clients.start(settings("localhost", peer.port(), null, 0));
			assertThat(text(client.send(bytes("hello")))).isEqualTo("hello");
		}
	}

	@Test
	void localAddressThatIsNotOursIsReported() throws Exception {
		TcpEchoClient client = this.clients.start(settings("127.0.0.1", ClosedPort.hold(), "192.0.2.1", 0));
		assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE);
	}

	@Test
	void localAddressAndPortAreUsed() throws Exception {
		BlockingQueue<InetSocketAddress> callers = new LinkedBlockingQueue<>();
		int port = ClosedPort.hold();
		try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
			Thread.ofVirtual().start(() -> {
				try (Socket caller = server.accept()) {
					callers.add((InetSocketAddress) caller.getRemoteSocketAddress());
					caller.getInputStream().transferTo(caller.getOutputStream());
				}
				catch (IOException ex) {
					// The test has ended.
				}
			});
			TcpEchoClient client = this.clients.start(settings("127.0.0.1", server.getLocalPort(), "127.0.0.2", port));
			assertThat(text(client.send(bytes("hello")))).isEqualTo("hello");
			assertThat(callers.take()).isEqualTo(new InetSocketAddress("127.0.0.2", port));
		}
	}

	private static TcpEchoClientSettings settings(String host, int port, @Nullable String localAddress, int localPort) {
		FramingSpec spec = new FramingSpec(Framing.LINE, null, 1024, false);
		return new TcpEchoClientSettings(new TcpClientSettings("test", host, port, spec, Duration.ofSeconds(20),
				localAddress, localPort, SocketOptions.DEFAULTS), LONG, 1, false);
	}

}
