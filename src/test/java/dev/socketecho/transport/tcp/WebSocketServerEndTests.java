package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.websocket.WebSocketPeer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.tcp.WebSocketServers.start;
import static dev.socketecho.transport.websocket.WebSocketPeer.BINARY;
import static dev.socketecho.transport.websocket.WebSocketPeer.PING;
import static dev.socketecho.transport.websocket.WebSocketPeer.PONG;
import static dev.socketecho.transport.websocket.WebSocketPeer.TEXT;
import static dev.socketecho.transport.websocket.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * How connections of servers with {@code framing: websocket} end.
 */
class WebSocketServerEndTests {

	private static final int FIN = 0x80;

	@Test
	void closesAlthoughThePeerDoesNotAnswerTheCloseFrame() {
		try (TestServer server = start((spec) -> spec.lingerTimeout = Duration.ofMillis(200));
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(FIN | 3, new byte[0]));
			assertThat(peer.readClose()).isEqualTo(1002);
			server.awaitClosed(CloseReason.PROTOCOL_ERROR, SocketError.PROTOCOL_ERROR);
		}
	}

	@ParameterizedTest
	@CsvSource({ "1000", "1001", "1003", "3000", "4999" })
	void aCloseIsAnsweredByItsCodeAfterAllMessages(int code) {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(TEXT, "last"), WebSocketPeer.close(code), frame(TEXT, "discarded"));
			assertThat(peer.readText()).isEqualTo("last");
			assertThat(peer.readClose()).isEqualTo(code);
			peer.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.messagesReceived).hasValue(1);
		}
	}

	@Test
	void aCloseWithoutCodeIsAnsweredWithout() {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			assertThat(peer.send(frame(FIN | 8, new byte[0])).readClose()).isEqualTo(-1);
			peer.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void aPeerThatEndsWithoutACloseFrameGetsItsAnswersAndFin() {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(TEXT, "last"), Arrays.copyOf(frame(TEXT, "incomplete"), 9)).halfClose();
			assertThat(peer.readText()).isEqualTo("last");
			assertThat(peer.read()).isNull();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesReceived).hasValue(4);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void theDrainAnswersWhatWasReceivedAndClosesBy1001(TransportType transport) throws Exception {
		try (TestServer server = start((spec) -> {
			spec.transport = transport;
			spec.maxMessageSize = 1 << 20;
		}); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			byte[] message = random(100_000);
			BlockedEventLoop blocked = BlockedEventLoop.of(server.eventLoops);
			peer.send(frame(FIN | BINARY, message));
			CompletableFuture<ConnectionDrain> drained = Background.supply(server.factory::drain);
			Awaitility.await().until(() -> !server.factory.isListening());
			blocked.release();
			assertThat(peer.read().payload()).isEqualTo(message);
			assertThat(peer.readClose()).isEqualTo(1001);
			peer.leave();
			ConnectionDrain drain = drained.get(20, TimeUnit.SECONDS);
			drain.done().get(20, TimeUnit.SECONDS);
			assertThat(drain.endedInOrder()).isEqualTo(1);
			server.awaitClosed(CloseReason.SHUTDOWN);
		}
	}

	@Test
	void anOperatorClosesBy1001() {
		try (TestServer server = start(); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			server.factory.connections().getFirst().close(CloseReason.OPERATOR);
			assertThat(peer.readClose()).isEqualTo(1001);
			peer.leave();
			server.awaitClosed(CloseReason.OPERATOR);
		}
	}

	@Test
	void anIdleConnectionClosesBy1001AndPingsAreActivity() {
		try (TestServer server = start((spec) -> spec.idleTimeout = Duration.ofMillis(300));
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			long begun = System.nanoTime();
			while (System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(600)) {
				assertThat(peer.send(frame(PING, "x")).read().opcode()).isEqualTo(PONG);
			}
			assertThat(peer.readClose()).isEqualTo(1001);
			server.awaitClosed(CloseReason.IDLE_TIMEOUT);
		}
	}

	@Test
	void closesBy1000AfterTheReplyIfConfigured() {
		try (TestServer server = start((spec) -> {
			spec.closeAfterReply = true;
			spec.burst = false;
		}); WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			peer.send(frame(TEXT, "one"), frame(TEXT, "two"));
			assertThat(peer.readText()).isEqualTo("one");
			assertThat(peer.readClose()).isEqualTo(1000);
			peer.leave();
			server.awaitClosed(CloseReason.REPLY_COMPLETE);
		}
	}

}
