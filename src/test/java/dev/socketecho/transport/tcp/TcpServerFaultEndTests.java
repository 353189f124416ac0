package dev.socketecho.transport.tcp;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Arrays;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static dev.socketecho.transport.tcp.FaultyServers.delay;
import static dev.socketecho.transport.tcp.FaultyServers.fault;
import static dev.socketecho.transport.tcp.FaultyServers.random;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * How connections of a TCP server end that has faults, as a peer sees it on a real
 * socket.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultEndTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, fault(new FaultEffect.Reset(new FaultEffect.Trigger(10_000, Duration.ZERO)),
					Fault.Direction.OUTBOUND));
			byte[] bytes = random(30_000);
			client.send(bytes);
			assertThat(client.readBytes(10_000)).isEqualTo(Arrays.copyOf(bytes, 10_000));
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1))
				.withStackTraceContaining("reset");
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(10_000);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetIsAnRstWhenEverythingHasBeenRead(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server,
					fault(new FaultEffect.Reset(new FaultEffect.Trigger(4, Duration.ZERO)), Fault.Direction.INBOUND));
			client.send("four");
			assertThat(client.read(4)).isEqualTo("four");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1));
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(4);
			assertThat(server.recorder.messagesSent).hasValue(1);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void closeIsAFinAfterExactlySoManyBytes(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, fault(new FaultEffect.Close(new FaultEffect.Trigger(10_000, Duration.ZERO)),
					Fault.Direction.OUTBOUND));
			byte[] bytes = random(30_000);
			client.send(bytes);
			assertThat(client.readBytesToEnd()).isEqualTo(Arrays.copyOf(bytes, 10_000));
			client.leave();
			server.awaitClosed(CloseReason.FAULT);
			assertThat(server.recorder.bytesSent).hasValue(10_000);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void closeIsTheReasonAlsoAfterTheCallersFin(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server, fault(new FaultEffect.Close(new FaultEffect.Trigger(10_000, Duration.ZERO)),
					Fault.Direction.OUTBOUND));
			byte[] bytes = random(30_000);
			client.send(bytes);
			client.halfClose();
			assertThat(client.readBytesToEnd()).isEqualTo(Arrays.copyOf(bytes, 10_000));
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void callerThatHasClosedItsSideIsResetToo(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server,
					fault(new FaultEffect.Reset(new FaultEffect.Trigger(4, Duration.ZERO)), Fault.Direction.OUTBOUND));
			client.send("four").halfClose();
			assertThat(client.read(4)).isEqualTo("four");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1));
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetWaitsForWhatAnotherFaultHolds(TransportType transport) {
		try (TestServer server = start(Framing.NONE, transport); TestClient client = server.connect()) {
			set(server,
					fault(new FaultEffect.Reset(new FaultEffect.Trigger(4, Duration.ZERO)), Fault.Direction.OUTBOUND),
					new Fault("late", delay(Duration.ofMillis(100)), Fault.Direction.OUTBOUND, Fault.Unit.CONNECTION,
							Fault.Selection.ALL));
			client.send("fourfive");
			assertThat(client.read(4)).isEqualTo("four");
			assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1));
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@Test
	void slowCloseStillCloses() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server,
					fault(new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE,
							new Lateness(Duration.ofMillis(200), Duration.ZERO, Lateness.Distribution.UNIFORM)),
							Fault.Direction.OUTBOUND));
			client.send("bytes").halfClose();
			assertThat(client.readToEnd()).isEqualTo("bytes");
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.factory.faults().all().getFirst().injected()).isOne();
		}
	}

	@Test
	void finIsSentWhenSlowCloseIsGone() {
		try (TestServer server = start(Framing.NONE, TransportType.AUTO); TestClient client = server.connect()) {
			set(server,
					fault(new FaultEffect.SlowClose(FaultEffect.Trigger.AT_ONCE,
							new Lateness(HOUR, Duration.ZERO, Lateness.Distribution.UNIFORM)),
							Fault.Direction.OUTBOUND));
			client.send("bytes").halfClose();
			assertThat(client.read(5)).isEqualTo("bytes");
			await().until(() -> server.factory.faults().all().getFirst().injected() == 1);
			set(server);
			assertThat(client.readToEnd()).isEmpty();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

}
