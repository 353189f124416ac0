package dev.socketecho.config;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.socketecho.app.EchoClient;
import dev.socketecho.app.Logs;
import dev.socketecho.server.EchoServers;
import dev.socketecho.testing.TestApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of how much of the payload gets into the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class PayloadLogIT {

	private static final int MESSAGES = 500;

	private static final int RATE = 5;

	private static final Pattern COUNT = Pattern
		.compile("Server 'own' read (\\d+) more messages than log-payload-rate lets into the log");

	@Test
	void messagesOverTheRateAreCounted(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run("echo.tcp.servers.own.port=0",
				"echo.tcp.servers.own.framing=line", "echo.tcp.servers.own.log-payload=true",
				"echo.tcp.servers.own.log-payload-rate=" + RATE);
				EchoClient client = EchoClient.connect(TestApplication.port(context, "own"))) {
			for (int i = 0; i < MESSAGES; i++) {
				client.exchange("m\n");
			}
			assertRate(output);
		}
	}

	@Test
	void datagramsOverTheRateAreCounted(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run("echo.udp.servers.own.port=0",
				"echo.udp.servers.own.log-payload=true", "echo.udp.servers.own.log-payload-rate=" + RATE);
				DatagramSocket client = new DatagramSocket()) {
			client.setSoTimeout(20_000);
			int port = Objects.requireNonNull(context.getBean(EchoServers.class).udp("own")).adapter().getPort();
			for (int i = 0; i < MESSAGES; i++) {
				client.send(new DatagramPacket(new byte[] { 'd' }, 1, InetAddress.getLoopbackAddress(), port));
				client.receive(new DatagramPacket(new byte[2], 2));
			}
			assertRate(output);
		}
	}

	@Test
	void serverThatEndsSaysHowManyItHasNotLogged(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = TestApplication.run("echo.tcp.servers.own.port=0",
				"echo.tcp.servers.own.framing=line", "echo.tcp.servers.own.log-payload=true",
				"echo.tcp.servers.own.log-payload-rate=1");
				EchoClient client = EchoClient.connect(TestApplication.port(context, "own"))) {
			for (int i = 0; i < 20; i++) {
				client.exchange("m\n");
			}
		}
		assertThat(logged(output) + counted(output)).isEqualTo(20);
	}

	/**
	 * The messages may have taken more than a second; each of them is logged or counted.
	 */
	private static void assertRate(CapturedOutput output) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(logged(output) + counted(output)).isEqualTo(MESSAGES));
		long reports = COUNT.matcher(Logs.written(output)).results().count();
		assertThat(reports).isBetween(1L, 20L);
		assertThat(logged(output)).isGreaterThanOrEqualTo(RATE).isLessThanOrEqualTo(RATE * (reports + 1));
	}

	private static long logged(CapturedOutput output) {
		return Logs.written(output).lines().filter((line) -> line.contains("Read ") && line.contains(" bytes")).count();
	}

	private static long counted(CapturedOutput output) {
		return COUNT.matcher(Logs.written(output))
			.results()
			.map((MatchResult match) -> Long.valueOf(match.group(1)))
			.reduce(0L, Long::sum);
	}

}
