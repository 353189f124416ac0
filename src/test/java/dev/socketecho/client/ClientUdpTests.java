package dev.socketecho.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.UdpClientOptions;
import dev.socketecho.transport.udp.UdpClientSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static dev.socketecho.client.Outcomes.text;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * UDP clients against servers that are not ours.
 */
class ClientUdpTests {

	private EventLoops eventLoops = new EventLoops(TransportType.AUTO, 1, "test");

	private final ClientRecording recording = new ClientRecording();

	private final List<UdpEchoClient> clients = new ArrayList<>();

	@AfterEach
	void close() {
		this.clients.forEach(UdpEchoClient::close);
		this.eventLoops.close();
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "NIO", "EPOLL" })
	void datagramsComeBack(TransportType type) throws Exception {
		this.eventLoops.close();
		this.eventLoops = new EventLoops(type, 1, "test");
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			for (String message : List.of("hello", "x".repeat(65_507))) {
				assertThat(text(client.send(bytes(message)))).isEqualTo(message);
			}
			assertThat(this.recording.bytesReceived).hasValue(5 + 65_507);
			assertThat(this.recording.roundTrips).hasValue(2);
		}
	}

	@Test
	void outstandingDatagramsAreMatchedInAnyOrder() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer.replyInReverse(100))) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 100)
				.mapToObj((i) -> client.send(bytes("m" + i)))
				.toList();
			for (int i = 0; i < 100; i++) {
				assertThat(text(replies.get(i))).isEqualTo("m" + i);
			}
		}
	}

	@Test
	void lostDatagramTimesOutAndTheNextDoesNot() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			if (packet.getLength() != 4) {
				socket.send(packet);
			}
		})) {
			UdpEchoClient client = client(peer.port(), Duration.ofMillis(300));
			assertThat(error(client.send(bytes("lost")))).isEqualTo(SocketError.REPLY_TIMED_OUT);
			assertThat(text(client.send(bytes("found")))).isEqualTo("found");
		}
	}

	@Test
	void corruptedDatagramIsReported() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			packet.getData()[packet.getOffset()] ^= 1;
			socket.send(packet);
		})) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CORRUPTED_REPLY);
		}
	}

	@Test
	void duplicatedDatagramIsNotTakenForAnotherReply() throws Exception {
		try (UdpPeer peer = new UdpPeer((socket, packet) -> {
			socket.send(packet);
			socket.send(packet);
		})) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			for (int i = 0; i < 10; i++) {
				assertThat(text(client.send(bytes("same")))).isEqualTo("same");
				assertThat(text(client.send(bytes("other" + i)))).isEqualTo("other" + i);
			}
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@Test
	void closedPortIsReported() throws Exception {
		UdpEchoClient client = client(ClosedPort.holdUdp(), Duration.ofSeconds(30));
		assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_REFUSED);
		assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_REFUSED);
	}

	@Test
	void datagramThatIsTooLongIsReported() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			assertThat(error(client.send(new byte[65_508]))).isEqualTo(SocketError.MESSAGE_TOO_LONG);
			assertThat(text(client.send(bytes("hello")))).isEqualTo("hello");
		}
	}

	@Test
	void flushCompletesWhenEverythingHasLeft() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply)) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			IntStream.range(0, 50).forEach((i) -> client.send(bytes("m" + i)));
			client.flush().get(30, TimeUnit.SECONDS);
			assertThat(this.recording.messagesSent).hasValue(50);
		}
	}

	@Test
	void closeFailsWhatIsOutstanding() throws Exception {
		try (UdpPeer peer = new UdpPeer((_, _) -> {
		})) {
			UdpEchoClient client = client(peer.port(), Duration.ofSeconds(30));
			CompletableFuture<EchoReply> reply = client.send(bytes("hello"));
			client.close();
			assertThat(error(reply)).isEqualTo(SocketError.OPERATION_ABORTED);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.OPERATION_ABORTED);
		}
	}

	private UdpEchoClient client(int port, Duration replyTimeout) {
		UdpClientSettings socket = new UdpClientSettings("test", "127.0.0.1", port, Duration.ofSeconds(30), null, 0,
				UdpClientOptions.DEFAULTS);
		UdpEchoClient client = new UdpEchoClient(new UdpEchoClientSettings(socket, replyTimeout, 1024 * 1024),
				this.eventLoops, this.recording)
			.startWithoutFlow();
		this.clients.add(client);
		return client;
	}

}
