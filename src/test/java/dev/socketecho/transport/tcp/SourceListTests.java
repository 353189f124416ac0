package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which sources a TCP server admits. It listens on all addresses, IPv4 and IPv6.
 */
class SourceListTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "-, -, 127.0.0.1", "127.0.0.0/8, -, 127.0.0.1", "::ffff:127.0.0.1, -, 127.0.0.1", "::1, -, ::1",
					"-, 127.0.0.2, 127.0.0.1", "-, 127.0.0.0/8, ::1", "-, ::/0, 127.0.0.1" })
	void letsIn(String allow, String deny, String source) throws IOException {
		try (TestServer server = start(allow, deny); Socket client = connect(server, source)) {
			client.getOutputStream().write(1);
			assertThat(client.getInputStream().read()).isEqualTo(1);
			assertThat(server.recorder.rejected).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-",
			value = { "-, 127.0.0.0/8, 127.0.0.1", "-, ::ffff:127.0.0.1, 127.0.0.1", "127.0.0.2, -, 127.0.0.1",
					"127.0.0.1, 127.0.0.0/8, 127.0.0.1", "::1, -, 127.0.0.1", "-, ::1, ::1", "0.0.0.0/0, -, ::1" })
	void turnsAwayWithoutReadingAByte(String allow, String deny, String source) throws IOException {
		try (TestServer server = start(allow, deny); Socket client = connect(server, source)) {
			try {
				client.getOutputStream().write(1);
				assertThat(client.getInputStream().read()).isEqualTo(-1);
			}
			catch (SocketException ex) {
				assertThat(ex).hasMessageMatching("Connection reset.*|Broken pipe");
			}
			Awaitility.await().atMost(TIMEOUT).until(() -> !server.recorder.rejected.isEmpty());
			assertThat(server.recorder.rejected).containsExactly(CloseReason.DENIED);
			assertThat(server.recorder.opened).hasValue(0);
			assertThat(server.recorder.bytesReceived).hasValue(0);
		}
	}

	private static TestServer start(String allow, String deny) {
		return TestServer.start(Framing.NONE, (spec) -> {
			spec.address = null;
			spec.sources = new SourceFilter((allow != null) ? List.of(CidrBlock.of(allow)) : List.of(),
					(deny != null) ? List.of(CidrBlock.of(deny)) : List.of());
		});
	}

	private static Socket connect(TestServer server, String address) throws IOException {
		Socket client = new Socket(InetAddress.getByName(address), server.factory.getPort());
		client.setSoTimeout((int) TIMEOUT.toMillis());
		return client;
	}

}
