package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.Arrays;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Faults;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.fault.Faults.lateness;
import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.tcp.FaultyServers.assertReset;
import static dev.socketecho.transport.tcp.FaultyServers.inbound;
import static dev.socketecho.transport.tcp.FaultyServers.outbound;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * How connections of a TCP server end that has faults, as a peer sees it on a real
 * socket: reset, close and slow close.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultEndTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final byte[] BYTES = random(30_000);

	/** What passes before the fault ends the connection. */
	private static final byte[] FIRST_BYTES = Arrays.copyOf(BYTES, 10_000);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Reset(after(FIRST_BYTES.length))));
			client.send(BYTES);
			assertThat(client.readBytes(FIRST_BYTES.length)).isEqualTo(FIRST_BYTES);
			assertReset(client);
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(FIRST_BYTES.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstWhenEverythingHasBeenRead(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, inbound(new FaultEffect.Reset(after(4))));
			client.send("four");
			assertThat(client.read(4)).isEqualTo("four");
			assertReset(client);
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(4);
			assertThat(server.recorder.messagesSent).hasValue(1);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void closeIsAFinAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Close(after(FIRST_BYTES.length))));
			client.send(BYTES);
			assertThat(client.readBytesToEnd()).isEqualTo(FIRST_BYTES);
			client.leave();
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(FIRST_BYTES.length);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void closeIsTheReasonAlsoAfterTheCallersFin(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Close(after(FIRST_BYTES.length))));
			client.send(BYTES);
			client.halfClose();
			assertThat(client.readBytesToEnd()).isEqualTo(FIRST_BYTES);
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void callerThatHasClosedItsSideIsResetToo(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Reset(after(4))));
			client.send("four").halfClose();
			assertThat(client.read(4)).isEqualTo("four");
			assertReset(client);
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetWaitsForWhatAnotherFaultHolds(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.Reset(after(4))),
					Faults.connections("late", Fault.Direction.OUTBOUND, delay(100)));
			client.send("fourfive");
			assertThat(client.read(4)).isEqualTo("four");
			assertReset(client);
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@Test
	void slowCloseStillCloses() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(200))));
			client.send("bytes").halfClose();
			assertThat(client.readToEnd()).isEqualTo("bytes");
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.factory.faults().all().getFirst().injected()).isOne();
		}
	}

	@Test
	void finIsSentWhenSlowCloseIsGone() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server, outbound(new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE, lateness(HOUR))));
			client.send("bytes").halfClose();
			assertThat(client.read(5)).isEqualTo("bytes");
			await().until(() -> server.factory.faults().all().getFirst().injected() == 1);
			set(server);
			assertThat(client.readToEnd()).isEmpty();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void bytesCountBehindTheProxyHeader(TransportType transport) {
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.proxyProtocol = true;
		})) {
			set(server, inbound(new FaultEffect.Close(after(5))));
			try (TestClient client = server.connect()) {
				client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n12345678");
				assertThat(client.readToEnd()).isEqualTo("12345");
			}
		}
	}

	@Test
	void connectionThatComesLaterHasTheFaults() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO)) {
			set(server, outbound(new FaultEffect.Close(after(2))));
			try (TestClient client = server.connect()) {
				assertThat(client.send("abc").readToEnd()).isEqualTo("ab");
			}
		}
	}

}
