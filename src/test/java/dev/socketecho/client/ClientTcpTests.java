package dev.socketecho.client;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static dev.socketecho.client.Outcomes.get;
import static dev.socketecho.client.Outcomes.text;
import static dev.socketecho.client.TcpTestClients.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * TCP clients against servers that are not ours.
 */
class ClientTcpTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	@AutoClose
	private final TcpTestClients clients = new TcpTestClients();

	private final ClientRecording recording = this.clients.recording;

	@ParameterizedTest
	@EnumSource(value = Framing.class, names = { "UNTIL_CLOSE", "WEBSOCKET" }, mode = EnumSource.Mode.EXCLUDE)
	void everyFramingAddsAndTakesAwayItsEnds(Framing framing) throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = this.clients.start(peer.port(), framing);
			for (String message : List.of("hello", "a", "", "x".repeat(200))) {
				assertThat(text(client.send(bytes(message)))).isEqualTo(message);
			}
			assertThat(this.recording.bytesReceived).hasValue(this.recording.bytesSent.get());
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "NIO", "EPOLL" })
	void messagesOfFramingUntilCloseEndWithTheConnection(TransportType type) throws Exception {
		this.clients.use(type);
		try (ClientPeer peer = ClientPeer.start((in, out) -> out.write(in.readAllBytes()))) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.UNTIL_CLOSE);
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 5)
				.mapToObj((i) -> client.send(bytes("message " + i)))
				.toList();
			for (int i = 0; i < 5; i++) {
				assertThat(text(replies.get(i))).isEqualTo("message " + i);
			}
			assertThat(peer.accepted()).isEqualTo(5);
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@Test
	void readsUntilTheServerClosesWhereItClosesAfterItsReply() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			byte[] message = ClientPeer.readUntil(in, "<EOF>");
			out.write(message, 0, 3);
			out.flush();
			out.write(message, 3, message.length - 3);
		})) {
			TcpEchoClient client = this.clients.start(settings(peer.port(), Framing.DELIMITER, LONG, LONG, 1, true));
			assertThat(text(client.send(bytes("This is a test")))).isEqualTo("This is a test");
			assertThat(text(client.send(bytes("another")))).isEqualTo("another");
			assertThat(peer.accepted()).isEqualTo(2);
		}
	}

	@Test
	void moreThanTheReplyBeforeTheCloseIsACorruptedReply() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			ClientPeer.readUntil(in, "<EOF>");
			out.write(bytes("hello<EOF>more<EOF>"));
		})) {
			TcpEchoClient client = this.clients.start(settings(peer.port(), Framing.DELIMITER, LONG, LONG, 1, true));
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CORRUPTED_REPLY);
		}
	}

	@Test
	void thousandOutstandingRequestsGetTheirOwnReplies() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = this.clients.start(settings(peer.port(), Framing.LINE, LONG, LONG, 3, false));
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 1000)
				.mapToObj((i) -> client.send(bytes("message " + i)))
				.toList();
			for (int i = 0; i < 1000; i++) {
				assertThat(text(replies.get(i))).isEqualTo("message " + i);
			}
			assertThat(peer.accepted()).isEqualTo(3);
			assertThat(this.recording.roundTrips).hasValue(1000);
		}
	}

	@Test
	void messagesQueuedTogetherLeaveInOneFlush() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			get(client.send(bytes("connect")));
			CountDownLatch queued = new CountDownLatch(1);
			for (int i = 0; i < 2; i++) {
				this.clients.eventLoops().next().execute(() -> awaitQuietly(queued));
			}
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 100)
				.mapToObj((i) -> client.send(bytes("m" + i)))
				.toList();
			CompletableFuture<Void> flushed = client.flush();
			queued.countDown();
			get(flushed);
			assertThat(this.recording.messagesSent).hasValue(101);
			get(CompletableFuture.allOf(replies.toArray(CompletableFuture<?>[]::new)));
			assertThat(this.recording.sends).hasValue(2);
		}
	}

	@Test
	void flushCompletesWithoutAnythingToSend() throws Exception {
		TcpEchoClient client = this.clients.start(ClosedPort.hold(), Framing.LINE);
		get(client.flush());
		assertThat(this.recording.opened).hasValue(0);
	}

	@Test
	void lateReplyIsNotTakenForTheNextOne() throws Exception {
		BlockingQueue<String> gate = new LinkedBlockingQueue<>();
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			for (int i = 0; i < 3; i++) {
				byte[] line = ClientPeer.readUntil(in, "\n");
				if (i == 0) {
					take(gate);
				}
				out.write(line);
			}
			in.read();
		})) {
			TcpEchoClient client = this.clients
				.start(settings(peer.port(), Framing.LINE, LONG, Duration.ofSeconds(1), 1, false));
			assertThat(error(client.send(bytes("first")))).isEqualTo(SocketError.REPLY_TIMED_OUT);
			CompletableFuture<EchoReply> second = client.send(bytes("second"));
			gate.add("go");
			assertThat(text(second)).isEqualTo("second");
			assertThat(text(client.send(bytes("third")))).isEqualTo("third");
			assertThat(peer.accepted()).isEqualTo(1);
			assertThat(this.recording.errors).containsExactly(SocketError.REPLY_TIMED_OUT);
		}
	}

	@Test
	void connectionThatOwesRepliesForLongIsReplaced() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			ClientPeer.readUntil(in, "\n");
			in.read();
		})) {
			TcpEchoClient client = this.clients
				.start(settings(peer.port(), Framing.LINE, LONG, Duration.ofMillis(50), 1, false));
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.REPLY_TIMED_OUT);
			await().untilAsserted(() -> assertThat(peer.accepted()).isGreaterThan(1));
		}
	}

	@Test
	void corruptedReplyFailsItsRequestOnly() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			while (true) {
				String line = new String(ClientPeer.readUntil(in, "\n"), StandardCharsets.UTF_8);
				out.write(bytes(line.replace("bad", "BAD")));
			}
		})) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			CompletableFuture<EchoReply> bad = client.send(bytes("bad"));
			CompletableFuture<EchoReply> good = client.send(bytes("good"));
			assertThat(error(bad)).isEqualTo(SocketError.CORRUPTED_REPLY);
			assertThat(text(good)).isEqualTo("good");
			assertThat(text(client.send(bytes("better")))).isEqualTo("better");
		}
	}

	@Test
	void corruptedStreamIsGivenUp() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			DataInputStream data = new DataInputStream(in);
			while (true) {
				out.write(data.readByte() & 0x5f);
			}
		})) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.NONE);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CORRUPTED_REPLY);
			assertThat(text(client.send(bytes("HELLO")))).isEqualTo("HELLO");
			assertThat(peer.accepted()).isEqualTo(2);
		}
	}

	@Test
	void unaskedDataEndsTheConnection() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			byte[] line = ClientPeer.readUntil(in, "\n");
			out.write(line);
			out.write(bytes("and more\n"));
			in.read();
		})) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			assertThat(text(client.send(bytes("hello")))).isEqualTo("hello");
			await().untilAsserted(() -> assertThat(this.recording.errors).contains(SocketError.PROTOCOL_ERROR));
		}
	}

	@Test
	void messageThatIsTooLongIsNotSent() throws Exception {
		TcpEchoClient client = this.clients.start(ClosedPort.hold(), Framing.LENGTH_1);
		assertThat(error(client.send(new byte[256]))).isEqualTo(SocketError.MESSAGE_TOO_LONG);
		assertThat(this.recording.opened).hasValue(0);
	}

	@Test
	void messageThatContainsItsEndIsNotSent() throws Exception {
		TcpEchoClient client = this.clients.start(ClosedPort.hold(), Framing.LINE);
		assertThat(error(client.send(bytes("two\nlines")))).isEqualTo(SocketError.PROTOCOL_ERROR);
		assertThat(error(client.send(bytes("ends in return\r")))).isEqualTo(SocketError.PROTOCOL_ERROR);
	}

	@Test
	void outstandingRequestsAreBounded() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LENGTH_4);
			byte[] message = new byte[1024 * 1024];
			List<CompletableFuture<EchoReply>> taken = IntStream.range(0, 64)
				.mapToObj((_) -> client.send(message))
				.toList();
			assertThat(error(client.send(message))).isEqualTo(SocketError.OPERATION_ABORTED);
			client.close();
			for (CompletableFuture<EchoReply> reply : taken) {
				assertThat(error(reply)).isEqualTo(SocketError.OPERATION_ABORTED);
			}
		}
	}

	@Test
	void closeFailsWhatIsOutstandingAndClosesTheSocket() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.LINE);
			CompletableFuture<EchoReply> reply = client.send(bytes("hello"));
			await().untilAsserted(() -> assertThat(this.recording.messagesSent).hasValue(1));
			client.close();
			assertThat(error(reply)).isEqualTo(SocketError.OPERATION_ABORTED);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.OPERATION_ABORTED);
			await().untilAsserted(() -> assertThat(this.recording.closed).hasValue(this.recording.opened.get()));
		}
	}

	@Test
	void largeMessagesPipelinedDoNotDeadlock() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = this.clients.start(peer.port(), Framing.NONE);
			byte[] message = new byte[1024 * 1024];
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 40)
				.mapToObj((_) -> client.send(message))
				.toList();
			for (CompletableFuture<EchoReply> reply : replies) {
				assertThat(get(reply).message()).hasSize(message.length);
			}
		}
	}

	private static void take(BlockingQueue<String> gate) throws IOException {
		try {
			gate.take();
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
