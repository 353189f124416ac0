package dev.socketecho.app;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.socketecho.testing.Background;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of the default endpoints as their callers see them.
 */
@EchoServiceTest
@ExtendWith(OutputCaptureExtension.class)
class DefaultEndpointsIT {

	private final EchoService service;

	@Autowired
	DefaultEndpointsIT(EchoService service) {
		this.service = service;
	}

	@Test
	void streamReturnsEveryByteThenClosesAfterHalfClose() throws IOException {
		byte[] sent = random(3_000_001);
		try (EchoClient client = this.service.connect("stream")) {
			CompletableFuture<Void> sending = Background.run(() -> {
				try {
					client.send(sent);
					client.halfClose();
				}
				catch (IOException ex) {
					throw new CompletionException(ex);
				}
			});
			byte[] received = client.readToEnd();
			sending.join();
			assertThat(received).isEqualTo(sent);
		}
	}

	@Test
	void streamAnswersBeforeTheCallerHalfCloses() throws IOException {
		try (EchoClient client = this.service.connect("stream")) {
			assertThat(client.exchange("no terminator")).isEqualTo("no terminator");
			assertThat(client.exchange("\0")).isEqualTo("\0");
		}
	}

	@Test
	void streamClosesAfterHalfCloseWithoutAByte() throws IOException {
		try (EchoClient client = this.service.connect("stream")) {
			client.halfClose();
			assertThat(client.readToEnd()).isEmpty();
		}
	}

	@Test
	void streamIsReachedOverIpv6() throws IOException {
		assumeTrue(hasIpv6Loopback(), "no IPv6 loopback");
		try (EchoClient client = EchoClient.connect("::1", this.service.port("stream"))) {
			assertThat(client.exchange("hello")).isEqualTo("hello");
		}
	}

	@Test
	void lineReturnsEachLineWithTheTerminatorItCameWith() throws IOException {
		try (EchoClient client = this.service.connect("line")) {
			assertThat(client.exchange("one\r\n")).isEqualTo("one\r\n");
			assertThat(client.exchange("two\n")).isEqualTo("two\n");
			assertThat(client.exchange("\n\r\nthree\rfour\n")).isEqualTo("\n\r\nthree\rfour\n");
		}
	}

	@Test
	void lineKeepsAnUnfinishedLineUntilItIsFinished() throws IOException {
		try (EchoClient client = this.service.connect("line")) {
			assertThat(client.exchange("first\n")).isEqualTo("first\n");
			client.send("sec");
			client.send("ond\n");
			assertThat(client.read(7)).isEqualTo("second\n");
		}
	}

	@Test
	void lineReturnsAnUnterminatedRestAfterHalfClose() throws IOException {
		try (EchoClient client = this.service.connect("line")) {
			client.send("whole\r\nrest");
			client.halfClose();
			assertThat(client.readTextToEnd()).isEqualTo("whole\r\nrest");
		}
	}

	/**
	 * As Microsoft's asynchronous client sample does.
	 */
	@Test
	void messageIsEchoedAndTheConnectionClosedWithoutTheCallerClosing(CapturedOutput output) throws IOException {
		try (EchoClient client = this.service.connect("message")) {
			client.send("This is a test<EOF>");
			assertThat(client.readTextToEnd()).isEqualTo("This is a test<EOF>");
		}
		assertThat(Logs.written(output))
			.containsPattern("Read 19 bytes from socket \\S+\\. Data: This is a test<EOF>\\R");
	}

	@Test
	void messageAnswersTheFirstMessageOnly() throws IOException {
		try (EchoClient client = this.service.connect("message")) {
			client.send("first<EOF>second<EOF>");
			assertThat(client.readTextToEnd()).isEqualTo("first<EOF>");
		}
	}

	@Test
	void messageThatArrivesInPiecesIsOneMessage(CapturedOutput output) throws IOException {
		try (EchoClient client = this.service.connect("message")) {
			for (String piece : new String[] { "in pie", "ces<", "EO", "F>" }) {
				client.send(piece);
			}
			assertThat(client.readTextToEnd()).isEqualTo("in pieces<EOF>");
		}
		assertThat(Logs.written(output)).containsPattern("Read 14 bytes from socket \\S+\\. Data: in pieces<EOF>\\R");
	}

	@Test
	void loggedMessageCannotForgeALogLine(CapturedOutput output) throws IOException {
		try (EchoClient client = this.service.connect("message")) {
			client.send("a\r\nFORGED \u001b[31mb\t\\c<EOF>");
			client.readToEnd();
		}
		assertThat(Logs.written(output)).contains("Data: a\\r\\nFORGED \\u001b[31mb\\t\\\\c<EOF>")
			.doesNotContain("\nFORGED")
			.doesNotContain("\u001b[31mb");
	}

	@Test
	void loggedMessageIsCutAfterOneKilobyte(CapturedOutput output) throws IOException {
		String message = "y".repeat(2043) + "<EOF>";
		try (EchoClient client = this.service.connect("message")) {
			client.send(message);
			assertThat(client.readTextToEnd()).isEqualTo(message);
		}
		assertThat(Logs.written(output)).containsPattern("Read 2048 bytes from socket \\S+\\. Data: y{1024}(?!y)");
	}

	@Test
	void collectLogsWhatCameUntilTheCallerClosedAndSendsNothingBack(CapturedOutput output) throws IOException {
		try (EchoClient client = this.service.connect("collect")) {
			client.send("This is a ");
			client.send("test\n<EOF>");
			client.halfClose();
			assertThat(client.readToEnd()).isEmpty();
		}
		assertThat(Logs.written(output))
			.containsPattern("Read 20 bytes from socket \\S+\\. Data: This is a test\\\\n<EOF>\\R");
	}

	@Test
	void collectLogsWhatCameFromACallerThatClosesBothSides(CapturedOutput output) throws IOException {
		try (EchoClient client = this.service.connect("collect")) {
			client.send("sent and gone");
		}
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(Logs.written(output))
				.containsPattern("Read 13 bytes from socket \\S+\\. Data: sent and gone\\R"));
	}

	@Test
	void streamAndLineLogNoPayload(CapturedOutput output) throws IOException {
		for (String server : new String[] { "stream", "line" }) {
			try (EchoClient client = this.service.connect(server)) {
				client.send("not for the log\n");
				client.halfClose();
				client.readToEnd();
			}
		}
		assertThat(Logs.written(output)).doesNotContain("not for the log");
	}

	private static boolean hasIpv6Loopback() throws SocketException {
		return NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter(Inet6Address.class::isInstance)
			.anyMatch(InetAddress::isLoopbackAddress);
	}

}
