package dev.socketecho.transport.tcp;

import java.io.ByteArrayOutputStream;
import java.time.Duration;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.websocket.WebSocketPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.lateness;
import static dev.socketecho.fault.Faults.messages;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.websocket.WebSocketPeer.BINARY;
import static dev.socketecho.transport.websocket.WebSocketPeer.PING;
import static dev.socketecho.transport.websocket.WebSocketPeer.PONG;
import static dev.socketecho.transport.websocket.WebSocketPeer.TEXT;
import static dev.socketecho.transport.websocket.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Faults of servers with {@code framing: websocket}: those for messages stand above it.
 */
class WebSocketFaultsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@EnumSource
	void corruptMessagesAreFramesInOrder(Fault.Direction direction) {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			set(server, messages("messages", direction, new FaultEffect.Corrupt(1), 2));
			for (int i = 0; i < 2; i++) {
				peer.send(frame(BINARY, "first"), frame(PING, "ping"), frame(BINARY, "second"), frame(TEXT, "third"));
				WebSocketPeer.Frame first = peer.read();
				assertThat(peer.read().opcode()).isEqualTo(PONG);
				WebSocketPeer.Frame second = peer.read();
				assertThat(first.payload()).isEqualTo("first".getBytes());
				assertThat(second.payload()).hasSize(6).isNotEqualTo("second".getBytes());
				assertThat(peer.readText()).isEqualTo("third");
				assertThat(peer.send(frame(TEXT, "")).read().payload()).isEmpty();
				// Each second of those that are not empty
				assertThat(peer.send(frame(BINARY, "fourth")).read().payload()).isNotEqualTo("fourth".getBytes());
			}
			assertThat(server.recorder.bytesSent).hasValue(44);
			assertThat(server.recorder.messagesSent).hasValue(10);
			assertThat(server.recorder.bytesReceived).hasValue(44);
			set(server);
			assertThat(peer.send(frame(TEXT, "clean"), frame(TEXT, "clean")).readText()).isEqualTo("clean");
			assertThat(peer.readText()).isEqualTo("clean");
		}
	}

	@Test
	void slicesDoNotCutMessages() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			set(server, messages("messages", Fault.Direction.OUTBOUND, new FaultEffect.Slice(2, 0, lateness(1))));
			assertThat(peer.text("a message").readText()).isEqualTo("a message");
			assertThat(peer.text("another").readText()).isEqualTo("another");
		}
	}

	@Test
	void aStalledMessageComesWhenTheFaultIsGoneAndTheCloseFrameBehindIt() {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = WebSocketPeer.open(server.factory.getPort())) {
			for (Fault.Direction direction : Fault.Direction.values()) {
				set(server, messages("messages", direction, delay(HOUR)));
				peer.send(frame(TEXT, "late"), frame(PING, "p"));
				assertThat(peer.read().opcode()).isEqualTo(PONG);
				set(server);
				assertThat(peer.readText()).isEqualTo("late");
			}
			set(server, messages("messages", Fault.Direction.INBOUND, delay(HOUR)));
			peer.send(frame(TEXT, "last"), frame(PING, "p"), WebSocketPeer.close(1000));
			assertThat(peer.read().opcode()).isEqualTo(PONG);
			set(server);
			assertThat(peer.readText()).isEqualTo("last");
			assertThat(peer.readClose()).isEqualTo(1000);
			peer.leave();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesSent).hasValue(12);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 5, 13, 129, 135 })
	void faultsForConnectionsCountTheBytesOnTheWireAndCloseWithoutACloseFrame(int bytes) throws Exception {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET);
				WebSocketPeer peer = new WebSocketPeer(server.factory.getPort())) {
			set(server, FaultyServers.outbound(new FaultEffect.Close(after(bytes))));
			peer.send(WebSocketPeer.request().getBytes(), frame(TEXT, "hello"), frame(TEXT, "world"));
			ByteArrayOutputStream received = new ByteArrayOutputStream();
			peer.transferTo(received);
			assertThat(received.size()).isEqualTo(bytes);
			peer.leave();
			server.awaitClosed(CloseReason.FAULT);
		}
	}

}
