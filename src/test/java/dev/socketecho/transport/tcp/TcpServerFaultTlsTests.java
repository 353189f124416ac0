package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import javax.net.ssl.SSLSocket;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.fault.Faults.delay;
import static dev.socketecho.transport.tcp.FaultyServers.connectTls;
import static dev.socketecho.transport.tcp.FaultyServers.inbound;
import static dev.socketecho.transport.tcp.FaultyServers.messages;
import static dev.socketecho.transport.tcp.FaultyServers.outbound;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.startTls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * The faults of a TCP server with TLS, as a peer sees them on a real socket.
 */
@Execution(ExecutionMode.CONCURRENT)
class TcpServerFaultTlsTests {

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void tlsGoesThroughFaultsThatLoseNothing(TransportType transport) throws Exception {
		try (TestServer server = startTls(transport)) {
			set(server, outbound(new FaultEffect.Slice(700, 300, Lateness.NONE)), inbound(delay(1)),
					messages(delay(1), 1));
			try (SSLSocket client = connectTls(server)) {
				byte[] line = "x".repeat(50_000).concat("\n").getBytes(StandardCharsets.US_ASCII);
				client.getOutputStream().write(line);
				assertThat(client.getInputStream().readNBytes(line.length)).isEqualTo(line);
				set(server);
				client.getOutputStream().write(line);
				assertThat(client.getInputStream().readNBytes(line.length)).isEqualTo(line);
				client.shutdownOutput();
				assertThat(client.getInputStream().read()).isEqualTo(-1);
			}
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesSent).hasValue(100_002);
			assertThat(server.recorder.bytesReceived).hasValue(100_002);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void resetComesInTheMiddleOfATlsRecord(TransportType transport) throws Exception {
		try (TestServer server = startTls(transport); SSLSocket client = connectTls(server)) {
			TlsServers.exchange(client, "before\n");
			await().until(() -> server.recorder.tlsHandshakes.get() == 1);
			set(server, outbound(new FaultEffect.Reset(after(20))));
			client.getOutputStream()
				.write("a line that the peer never sees whole\n".getBytes(StandardCharsets.US_ASCII));
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
			server.awaitClosed(CloseReason.FAULT);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void corruptBytesEndTls(TransportType transport) throws Exception {
		try (TestServer server = startTls(transport); SSLSocket client = connectTls(server)) {
			TlsServers.exchange(client, "before\n");
			await().until(() -> server.recorder.tlsHandshakes.get() == 1);
			// All of a record: TLS ignores the version in its header
			set(server, outbound(new FaultEffect.Corrupt(1000)));
			client.getOutputStream().write("after\n".getBytes(StandardCharsets.US_ASCII));
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> client.getInputStream().read());
			assertThat(server.factory.faults().all().getFirst().injected()).isPositive();
		}
	}

}
