package dev.socketecho.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

import dev.socketecho.app.Logs;
import dev.socketecho.testing.Fuzz;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever {@code /probe} and the HTTP port are asked: an answer in the 200s or 400s, or
 * the end of the connection, and no word in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class ProbeFuzzIT {

	private static final int TIMEOUT_MILLIS = 20_000;

	private static final int REQUESTS = Math.max(1, Fuzz.INPUTS / 5);

	@Test
	void isAnsweredAndNotLogged(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext application = TestApplication.run("echo.tcp.clients.up.host=127.0.0.1",
				"echo.tcp.clients.up.port=1", "echo.probe-endpoint.allowed-targets=127.0.0.0/8,::1")) {
			int port = Integer.parseInt(application.getEnvironment().getRequiredProperty("local.server.port"));
			String started = Logs.written(output);
			List<byte[]> corpus = Fuzz.corpus("probe-queries");
			for (byte[] query : corpus) {
				assertProbed(port, query);
			}
			for (int i = 0; i < REQUESTS; i++) {
				Random random = new Random(Fuzz.SEED + i);
				byte[] query = Fuzz.mutated(corpus, random);
				assertProbed(port, query);
				byte[] garbage = random.nextBoolean() ? query : Fuzz.mutated(List.of(request(query)), random);
				assertAnswered(garbage, ask(port, garbage, true));
			}
			assertThat(Logs.written(output)).isEqualTo(started);
		}
	}

	private static void assertProbed(int port, byte[] query) throws IOException {
		byte[] request = request(query);
		String answer = ask(port, request, false);
		assertThat(answer).as(Fuzz.hex(request)).isNotEmpty();
		assertAnswered(request, answer);
	}

	private static void assertAnswered(byte[] request, String answer) {
		if (!answer.isEmpty()) {
			assertThat(answer).as(Fuzz.hex(request)).matches("(?s)HTTP/1\\.[01] [24]\\d\\d .*");
		}
	}

	private static byte[] request(byte[] query) {
		StringBuilder encoded = new StringBuilder("GET /probe?");
		for (byte next : query) {
			if (Character.isLetterOrDigit(next) || "=&.:[]%-_~+".indexOf(next) >= 0) {
				encoded.append((char) next);
			}
			else {
				encoded.append("%%%02x".formatted(next & 0xff));
			}
		}
		return encoded.append(" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n")
			.append("X-Prometheus-Scrape-Timeout-Seconds: 0.2\r\n\r\n")
			.toString()
			.getBytes(StandardCharsets.ISO_8859_1);
	}

	/**
	 * What comes until the server ends the connection.
	 */
	private static String ask(int port, byte[] request, boolean halfClose) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			try {
				socket.getOutputStream().write(request);
				if (halfClose) {
					socket.shutdownOutput();
				}
				return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			}
			catch (SocketException ex) {
				// Reset, which is an answer too
				return "";
			}
		}
	}

}
