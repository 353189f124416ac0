package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every connection that is to end does end, whatever its peer does, and tells why.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerEndTests {

	private static final Duration IN_TIME = Duration.ofSeconds(10);

	private static final int MUCH = 16 * 1024 * 1024;

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void operatorClosesWhoHasHalfClosedAndDoesNotRead(TransportType transport) {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.maxPendingBytes = MUCH;
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 4096)) {
			client.send(new byte[8_000_000]).halfClose();
			NettyTcpConnection connection = connection(server);
			await().until(() -> connection.closeReason() == CloseReason.CLIENT_CLOSED);
			connection.close(CloseReason.OPERATOR);
			await().atMost(IN_TIME).until(() -> server.factory.activeConnections() == 0);
			server.awaitClosed(CloseReason.OPERATOR);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void bytesThatAreThrownAwayAreNoActivity(TransportType transport) throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.maxMessageSize = 100;
			spec.idleTimeout = Duration.ofSeconds(1);
			spec.maxPendingBytes = MUCH;
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 4096)) {
			leaveAnswersUnread(client);
			client.send("x".repeat(1000));
			CompletableFuture<Void> trickle = trickle(client);
			server.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			trickle.get(IN_TIME.toSeconds(), TimeUnit.SECONDS);
		}
	}

	@Test
	void messageThatIsTooLongEndsConnectionWithoutIdleTimeout() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.maxMessageSize = 100;
			spec.maxPendingBytes = MUCH;
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 4096)) {
			leaveAnswersUnread(client);
			client.send("x".repeat(1000));
			server.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
		}
	}

	@Test
	void connectionWhoseReplyIsCompleteEndsWithoutIdleTimeout() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.maxMessageSize = MUCH;
			spec.maxPendingBytes = MUCH;
			spec.closeAfterReply = true;
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 4096)) {
			byte[] message = new byte[8_000_000];
			message[message.length - 1] = '\n';
			client.send(message);
			server.awaitClosed(CloseReason.REPLY_COMPLETE);
		}
	}

	/**
	 * The socket of the client is full then, and something waits in the server's queue.
	 */
	private static void leaveAnswersUnread(TestClient client) {
		byte[] lines = new byte[8_000_000];
		Arrays.fill(lines, (byte) '\n');
		client.send(lines);
	}

	/**
	 * Sends a byte now and then until the server has closed.
	 */
	private static CompletableFuture<Void> trickle(TestClient client) {
		CompletableFuture<Void> ended = new CompletableFuture<>();
		Runnable send = new Runnable() {
			@Override
			public void run() {
				try {
					client.send("x");
					CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS).execute(this);
				}
				catch (UncheckedIOException ex) {
					ended.complete(null);
				}
			}
		};
		send.run();
		return ended;
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void drainReadsUntilTheSocketHasNoMore(TransportType transport) throws Exception {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.maxPendingBytes = 64 * 1024;
			spec.options = new SocketOptions(true, true, true, false, null, 64 * 1024, 64 * 1024, null);
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024)) {
			NettyTcpConnection connection = connection(server);
			int sent = 0;
			while (connection.channel().config().isAutoRead()) {
				client.send(new byte[1000]);
				sent += 1000;
				int expected = sent;
				await().pollDelay(Duration.ZERO)
					.pollInterval(Duration.ofNanos(1))
					.until(() -> server.recorder.bytesReceived.get() >= expected
							|| !connection.channel().config().isAutoRead());
			}
			// The server does not read this before its answers have been read
			client.send(new byte[20_000]);
			sent += 20_000;
			ConnectionDrain drain = server.factory.drain();
			byte[] echo = client.readBytesToEnd();
			client.leave();
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(echo).hasSize(sent);
			assertThat(server.recorder.bytesReceived).hasValue(sent);
			assertThat(drain.endedInOrder()).isEqualTo(1);
		}
	}

	/**
	 * The socket holds more than its reported size then, as Linux counts it.
	 */
	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void drainReadsAFullSocketAndNoMore(TransportType transport) throws Exception {
		CountDownLatch ended = new CountDownLatch(1);
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.maxPendingBytes = 64 * 1024;
			spec.options = new SocketOptions(true, true, true, false, null, 1024 * 1024, 64 * 1024, null);
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 64 * 1024)) {
			NettyTcpConnection connection = connection(server);
			AtomicLong sent = new AtomicLong();
			Thread sender = Thread.ofPlatform().daemon().start(() -> {
				try {
					while (ended.getCount() > 0) {
						client.send(new byte[1000]);
						sent.addAndGet(1000);
					}
				}
				catch (UncheckedIOException ex) {
					// Closed meanwhile
				}
			});
			await().until(() -> !connection.channel().config().isAutoRead());
			await().during(Duration.ofMillis(200)).until(sent::get, new Unchanged()::test);
			long before = server.recorder.bytesReceived.get();
			long inSocket = receiveQueue(server.factory.getPort());
			ConnectionDrain drain = server.factory.drain();
			CompletableFuture<byte[]> echo = Background.supply(() -> readLeniently(client));
			drain.done().get(20, TimeUnit.SECONDS);
			ended.countDown();
			client.leave();
			echo.get(20, TimeUnit.SECONDS);
			sender.join(Duration.ofSeconds(20));
			assertThat(server.recorder.bytesReceived.get() - before).isBetween(inSocket, (long) MUCH);
		}
	}

	private static byte[] readLeniently(TestClient client) {
		try {
			return client.readBytesToEnd();
		}
		catch (UncheckedIOException ex) {
			// Bytes that came after the drain had begun are not read: a reset
			return new byte[0];
		}
	}

	/**
	 * How many bytes wait in the accepted socket, as Linux tells.
	 */
	private static long receiveQueue(int port) throws IOException {
		String local = ":%04X".formatted(port);
		for (String file : new String[] { "/proc/net/tcp", "/proc/net/tcp6" }) {
			for (String line : Files.readAllLines(Path.of(file))) {
				String[] fields = line.trim().split("\\s+");
				if (fields.length > 4 && fields[1].endsWith(local) && fields[3].equals("01")) {
					return Long.parseLong(fields[4].split(":")[1], 16);
				}
			}
		}
		throw new IOException("No connection of port " + port);
	}

	/**
	 * Whether a number is what it was at the last call.
	 */
	private static final class Unchanged {

		private long last = -1;

		boolean test(long now) {
			boolean unchanged = now == this.last;
			this.last = now;
			return unchanged;
		}

	}

	@Test
	void drainDoesNotWaitForWhoGoesOnSending() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE);
				TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 0)) {
			CountDownLatch drained = new CountDownLatch(1);
			Thread sender = Thread.ofVirtual().start(() -> {
				try {
					while (drained.getCount() > 0) {
						client.send("again\n").read(6);
					}
				}
				catch (UncheckedIOException ex) {
					// Closed meanwhile
				}
			});
			await().until(() -> server.recorder.messagesReceived.get() > 100);
			ConnectionDrain drain = server.factory.drain();
			drain.done().get(20, TimeUnit.SECONDS);
			drained.countDown();
			sender.join();
			assertThat(server.recorder.closed).containsExactly(CloseReason.SHUTDOWN);
			assertThat(drain.endedInOrder()).isEqualTo(1);
		}
	}

	@Test
	void drainIsToldOfAConnectionThatIsDrainedTwice() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			NettyTcpConnection connection = connection(server);
			CompletableFuture<Void> first = connection.drain();
			CompletableFuture<Void> second = connection.drain();
			client.awaitEnd();
			client.leave();
			assertThat(first).succeedsWithin(Duration.ofSeconds(20));
			assertThat(second).succeedsWithin(Duration.ofSeconds(20));
		}
	}

	@Test
	void proxiedConnectionThatComesDuringTheDrainEnds() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.proxyProtocol = true)) {
			BlockedEventLoop blocked = BlockedEventLoop.of(server.eventLoops);
			TestClient silent = server.connect();
			TestClient named = server.connect().send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n");
			CompletableFuture<ConnectionDrain> drained = Background.supply(server.factory::drain);
			await().until(() -> !server.factory.isListening());
			blocked.release();
			silent.awaitEnd();
			named.awaitEnd();
			silent.leave();
			named.leave();
			drained.get(20, TimeUnit.SECONDS).done().get(20, TimeUnit.SECONDS);
			await().atMost(IN_TIME).until(() -> server.factory.activeConnections() == 0);
			await().atMost(Duration.ofSeconds(2))
				.untilAsserted(() -> assertThat(server.recorder.closed).hasSize(2).containsOnly(CloseReason.SHUTDOWN));
		}
	}

	@Test
	void proxiedMessageThatIsInTheSocketAtTheDrainIsAnswered() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.proxyProtocol = true)) {
			BlockedEventLoop blocked = BlockedEventLoop.of(server.eventLoops);
			TestClient client = server.connect().send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\nhello\n");
			CompletableFuture<ConnectionDrain> drained = Background.supply(server.factory::drain);
			await().until(() -> !server.factory.isListening());
			blocked.release();
			assertThat(client.readToEnd()).isEqualTo("hello\n");
			client.leave();
			ConnectionDrain drain = drained.get(20, TimeUnit.SECONDS);
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isOne();
		}
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "AUTO", "NIO" })
	void resetWhileAnAnswerIsMadeIsTold(TransportType transport) throws Exception {
		CountDownLatch received = new CountDownLatch(1);
		CountDownLatch reset = new CountDownLatch(1);
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.flow = (factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory)).filter((_) -> {
				received.countDown();
				return isReached(reset);
			}).handle(Tcp.outboundAdapter(factory)).get();
		}); TestClient client = server.connect()) {
			client.send("a\n");
			assertThat(isReached(received)).isTrue();
			client.reset();
			reset.countDown();
			server.awaitClosed(CloseReason.CONNECTION_RESET, SocketError.CONNECTION_RESET);
		}
	}

	@Test
	void bufferThatAnEndedEventLoopRefusesIsReleased() {
		ByteBuf buffer = Unpooled.directBuffer().writeByte(1);
		TestServer server = TestServer.start(Framing.LINE);
		try (TestClient client = server.connect()) {
			NettyTcpConnection connection = connection(server);
			client.leave();
			server.close();
			connection.send(new GenericMessage<>(buffer));
			connection.close(CloseReason.OPERATOR);
			assertThat(connection.drain()).succeedsWithin(Duration.ofSeconds(20));
			assertThat(buffer.refCnt()).isOne();
		}
		finally {
			buffer.release();
		}
	}

	private static boolean isReached(CountDownLatch latch) {
		try {
			return latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static NettyTcpConnection connection(TestServer server) {
		await().until(() -> server.factory.activeConnections() == 1);
		return server.factory.connections().getFirst();
	}

}
