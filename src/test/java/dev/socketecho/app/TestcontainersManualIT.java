package dev.socketecho.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.docs.Manual;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What {@code docs/testcontainers.md} says, without a container: the jar, with the
 * environment of that page, awaited as the page's wait strategy does.
 */
class TestcontainersManualIT {

	private static final Pattern VARIABLE = Pattern
		.compile("\\.withEnv\\(\"(\\w+)\", (?:\"([^\"\n]*)\"|\"\"\"(.*?)\"\"\")\\)", Pattern.DOTALL);

	private static final Pattern WAIT = Pattern.compile("Wait\\.forHttp\\(\"/actuator/([\\w/]+)\"\\)");

	private static ServiceProcess service;

	@BeforeAll
	static void startService() throws IOException {
		String page = String.join("\n", Manual.page("testcontainers"));
		Map<String, String> environment = new HashMap<>();
		VARIABLE.matcher(page)
			.results()
			.forEach((variable) -> environment.put(variable.group(1),
					Stream.of(2, 3).map(variable::group).filter((value) -> value != null).findFirst().orElseThrow()));
		assertThat(environment).hasSizeGreaterThan(5).containsKey("SPRING_APPLICATION_JSON");
		String readiness = WAIT.matcher(page)
			.results()
			.map((MatchResult path) -> path.group(1))
			.findFirst()
			.orElseThrow();
		service = ServiceProcess.startJar(environment);
		Actuator actuator = service.actuator();
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> actuator.get(readiness).statusCode() == 200);
	}

	@AfterAll
	static void stopService() {
		if (service != null) {
			service.close();
		}
	}

	@Test
	void theFirstAnswerIsLateAndTheOthersAreNot() throws IOException {
		try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port("line"))) {
			client.setSoTimeout(100);
			client.getOutputStream().write("hello\n".getBytes(StandardCharsets.UTF_8));
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
			client.setSoTimeout(20_000);
			assertThat(client.getInputStream().readNBytes(6)).asString().isEqualTo("hello\n");
		}
	}

	@Test
	void connectionIsResetInTheMiddleOfTheAnswer() throws IOException {
		try (Socket client = new Socket(InetAddress.getLoopbackAddress(), service.port("stream"))) {
			client.setSoTimeout(20_000);
			client.getOutputStream().write(new byte[1500]);
			assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> client.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	/**
	 * Those that the page about faults computes for the same name, probability and seed.
	 */
	@Test
	void datagramsAreLostThatTheManualSays() throws IOException {
		TreeSet<Integer> lost = new TreeSet<>(IntStream.range(0, 30).boxed().toList());
		try (DatagramSocket client = new DatagramSocket()) {
			client.setSoTimeout(1000);
			client.connect(InetAddress.getLoopbackAddress(), service.port("datagram"));
			for (int i = 0; i < 30; i++) {
				client.send(new DatagramPacket(new byte[] { (byte) i }, 1));
			}
			try {
				while (true) {
					DatagramPacket answer = new DatagramPacket(new byte[10], 10);
					client.receive(answer);
					lost.remove((int) answer.getData()[0]);
				}
			}
			catch (SocketTimeoutException ex) {
				// No more
			}
		}
		assertThat(Manual.page("faults")).contains(lost.toString());
	}

	@Test
	void healthTellsOfTheFaults() {
		assertThat(service.actuator().<Object>json("health", "$.components.echoServers.components.line.details.faults"))
			.hasToString("[\"slow\"]");
	}

}
