package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.SocketOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.integration.ip.tcp.connection.TcpConnectionCloseEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionExceptionEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionOpenEvent;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerListeningEvent;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.GenericMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of how connections end, over real sockets.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerCloseTests {

	/** So long that a test which needs it to elapse fails. */
	private static final Duration NEVER = Duration.ofHours(1);

	@Test
	void answersAllAndClosesWhenTheClientHalfCloses() {
		try (TestServer server = TestServer.start(Framing.NONE); TestClient client = server.connect()) {
			assertThat(client.send("hello").halfClose().readToEnd()).isEqualTo("hello");
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.errors).isEmpty();
		}
	}

	@Test
	void answersUnterminatedRestWhenTheClientHalfCloses() {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			assertThat(client.send("one\r\nrest").halfClose().readToEnd()).isEqualTo("one\r\nrest");
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void closesWhenTheClientClosesWithoutHavingSentAnything() {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> spec.lingerTimeout = NEVER)) {
			server.connect().close();
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void answersUntilCloseMessageWhenTheClientHalfCloses() {
		try (TestServer server = TestServer.start(Framing.UNTIL_CLOSE); TestClient client = server.connect()) {
			assertThat(client.send("one").send("two").halfClose().readToEnd()).isEqualTo("onetwo");
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.messagesReceived).hasValue(1);
		}
	}

	@Test
	void closesAfterReply() {
		try (TestServer server = TestServer.start(Framing.DELIMITER, (spec) -> {
			spec.closeAfterReply = true;
			spec.burst = false;
		}); TestClient client = server.connect()) {
			assertThat(client.send("This is a test<EOF>").readToEnd()).isEqualTo("This is a test<EOF>");
			client.leave();
			awaitClosed(server, CloseReason.REPLY_COMPLETE);
		}
	}

	@Test
	void deliversReplyAndFinWhateverTheClientSendsBehindTheMessage() {
		try (TestServer server = TestServer.start(Framing.DELIMITER, (spec) -> {
			spec.closeAfterReply = true;
			spec.burst = false;
		}); TestClient client = server.connect()) {
			client.send("one<EOF>two<EOF>" + "x".repeat(100_000));
			await().until(() -> server.recorder.sends.get() > 0);
			client.send("y".repeat(100_000));
			assertThat(client.readToEnd()).isEqualTo("one<EOF>");
			client.leave();
			awaitClosed(server, CloseReason.REPLY_COMPLETE);
			assertThat(server.recorder.messagesReceived).hasValue(1);
		}
	}

	@Test
	void cutsClientThatDoesNotCloseAfterTheReply() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.closeAfterReply = true;
			spec.burst = false;
			spec.lingerTimeout = Duration.ofMillis(50);
		}); TestClient client = server.connect()) {
			assertThat(client.send("one\n").readToEnd()).isEqualTo("one\n");
			awaitClosed(server, CloseReason.REPLY_COMPLETE);
		}
	}

	@Test
	void closesIdleConnection() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.idleTimeout = Duration.ofMillis(100));
				TestClient client = server.connect()) {
			client.awaitEnd();
			awaitClosed(server, CloseReason.IDLE_TIMEOUT);
		}
	}

	@Test
	void idleTimeoutEndsWithTheConnection() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.idleTimeout = Duration.ofSeconds(1));
				TestClient client = server.connect()) {
			assertThat(client.send("one\n").read(4)).isEqualTo("one\n");
			NettyTcpConnection connection = server.factory.connections().getFirst();
			client.halfClose();
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
			CountDownLatch later = new CountDownLatch(1);
			connection.eventLoop().schedule(later::countDown, 1200, TimeUnit.MILLISECONDS);
			assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(connection.closeReason()).isEqualTo(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void closesConnectionWhosePeerDoesNotTakeItsAnswersAsIdle() {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.idleTimeout = Duration.ofMillis(300);
			spec.options = new SocketOptions(true, true, true, false, null, null, 16 * 1024, null);
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 16 * 1024)) {
			client.send(new byte[500_000]).halfClose();
			awaitClosed(server, CloseReason.IDLE_TIMEOUT);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "LINE", "CRLF", "LENGTH_2" })
	void answersEarlierMessagesAndClosesWhenOneIsTooLong(Framing framing) {
		String earlier = switch (framing) {
			case LENGTH_2 -> "\0\1a\0\2bc";
			default -> "a\r\nbc\r\n";
		};
		String tooLong = (framing == Framing.LENGTH_2) ? "\0\13" : "";
		try (TestServer server = TestServer.start(framing, (spec) -> {
			spec.maxMessageSize = 10;
			spec.lingerTimeout = NEVER;
		}); TestClient client = server.connect()) {
			client.send(earlier + tooLong + "x".repeat(100_000));
			await().until(() -> !server.recorder.errors.isEmpty());
			client.send("y".repeat(100_000));
			assertThat(client.readToEnd()).isEqualTo(earlier);
			client.leave();
			awaitClosed(server, CloseReason.MESSAGE_TOO_LONG);
			assertThat(server.recorder.errors).containsExactly(SocketError.MESSAGE_TOO_LONG);
			assertThat(server.recorder.messagesSent).hasValue(2);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "DELIMITER", "UNTIL_CLOSE" })
	void closesAtTheEndOfInputWhenTheRestIsTooLong(Framing framing) {
		try (TestServer server = TestServer.start(framing, (spec) -> {
			spec.maxMessageSize = 10;
			spec.lingerTimeout = NEVER;
		}); TestClient client = server.connect()) {
			assertThat(client.send("x".repeat(10) + "<EOF").halfClose().readToEnd()).isEmpty();
			awaitClosed(server, CloseReason.MESSAGE_TOO_LONG);
		}
	}

	@Test
	void countsConnectionThatTheClientResets() {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			assertThat(client.send("one\n").read(4)).isEqualTo("one\n");
			client.reset();
			awaitClosed(server, CloseReason.CONNECTION_RESET);
			assertThat(server.recorder.errors).containsExactly(SocketError.CONNECTION_RESET);
			assertThat(server.events).hasAtLeastOneElementOfType(TcpConnectionExceptionEvent.class);
		}
	}

	@Test
	void closesConnectionForTheOperator() {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.lingerTimeout = NEVER);
				TestClient client = server.connect()) {
			assertThat(client.send("one\n").read(4)).isEqualTo("one\n");
			NettyTcpConnection connection = server.factory.connections().getFirst();
			assertThat(server.factory.connection(connection.getConnectionId())).isSameAs(connection);
			connection.close(CloseReason.OPERATOR);
			assertThat(client.readToEnd()).isEmpty();
			client.leave();
			awaitClosed(server, CloseReason.OPERATOR);
			assertThat(server.factory.connection(connection.getConnectionId())).isNull();
		}
	}

	@Test
	void closesConnectionForTheOperatorThoughThePeerReadsNothing() {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.lingerTimeout = Duration.ofMillis(50);
			spec.options = new SocketOptions(true, true, true, false, null, null, 16 * 1024, null);
		}); TestClient client = new TestClient("127.0.0.1", server.factory.getPort(), null, 16 * 1024)) {
			client.send(new byte[500_000]);
			await().until(() -> server.eventLoops.pendingBudget().used() > 0);
			server.factory.connections().getFirst().close();
			awaitClosed(server, CloseReason.OPERATOR);
			assertThat(server.eventLoops.pendingBudget().used()).isZero();
		}
	}

	@Test
	void closesConnectionsWhenTheServerStops() {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			assertThat(client.send("one\n").read(4)).isEqualTo("one\n");
			server.context.stop();
			assertThat(client.readToEnd()).isEmpty();
			awaitClosed(server, CloseReason.SHUTDOWN);
		}
	}

	@Test
	void closesWhenTheClientBreaksTheProtocol() {
		try (TestServer server = TestServer.start(Framing.STX_ETX, (spec) -> spec.lingerTimeout = NEVER);
				TestClient client = server.connect()) {
			assertThat(client.send("\2a\3garbage").readToEnd()).isEqualTo("\2a\3");
			client.leave();
			awaitClosed(server, CloseReason.PROTOCOL_ERROR);
			assertThat(server.recorder.errors).containsExactly(SocketError.PROTOCOL_ERROR);
		}
	}

	@Test
	void closesWhenTheFlowFails() {
		MessageHandler failing = (_) -> {
			throw new IllegalStateException("expected by this test");
		};
		try (TestServer server = TestServer.start(Framing.LINE,
				(spec) -> spec.flow = (
						factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory)).handle(failing).get());
				TestClient client = server.connect()) {
			assertThat(client.send("one\n").readToEnd()).isEmpty();
			client.leave();
			awaitClosed(server, CloseReason.ERROR);
			assertThat(server.recorder.errors).containsExactly(SocketError.UNKNOWN);
			assertThat(server.events).hasAtLeastOneElementOfType(TcpConnectionExceptionEvent.class);
		}
	}

	@Test
	void publishesEventsOfServerAndConnections() {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			// The stock class publishes it through the scheduler
			await().until(() -> !server.events.isEmpty());
			try (TestClient client = server.connect()) {
				assertThat(client.send("one\n").halfClose().readToEnd()).isEqualTo("one\n");
			}
			awaitClosed(server, CloseReason.CLIENT_CLOSED);
			await().untilAsserted(() -> assertThat(server.events).extracting(Object::getClass)
				.containsExactly(TcpConnectionServerListeningEvent.class, TcpConnectionOpenEvent.class,
						TcpConnectionCloseEvent.class));
			assertThat(((TcpConnectionServerListeningEvent) server.events.getFirst()).getPort())
				.isEqualTo(server.factory.getPort());
		}
	}

	@Test
	void sendsWhatAnyThreadSends() {
		try (TestServer server = TestServer.start(Framing.LINE); TestClient client = server.connect()) {
			await().until(() -> server.factory.activeConnections() == 1);
			NettyTcpConnection connection = server.factory.connections().getFirst();
			connection.send(new GenericMessage<>("hello"));
			connection.send(new GenericMessage<>(new byte[] { 'x' }));
			assertThat(client.read(6)).isEqualTo("hellox");
			assertThat(server.recorder.messagesSent).hasValue(2);
		}
	}

	@Test
	void leaksNothingWhenClientsResetInTheMiddleOfFrames() {
		int clients = 50;
		try (TestServer server = TestServer.start(Framing.LINE)) {
			for (int i = 0; i < clients; i++) {
				TestClient client = server.connect();
				int number = i + 1;
				await().until(() -> server.recorder.opened.get() == number);
				client.send("whole line\n".repeat(i * 10) + "half a l");
				client.reset();
			}
			await().until(() -> server.recorder.closed.size() == clients && server.factory.activeConnections() == 0);
			assertThat(server.eventLoops.pendingBudget().used()).isZero();
		}
	}

	private static void awaitClosed(TestServer server, CloseReason reason) {
		await().untilAsserted(() -> assertThat(server.recorder.closed).containsExactly(reason));
		assertThat(server.recorder.opened).hasValue(1);
		assertThat(server.factory.activeConnections()).isZero();
	}

}
