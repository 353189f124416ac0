package dev.socketecho.app;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.server.EchoServers;
import dev.socketecho.testing.TestApplication;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a start with other servers than the default ones, and of what it logs.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupIT {

	@Test
	void logsOneLinePerServerAndNonePerConnection(CapturedOutput output) throws IOException {
		try (ConfigurableApplicationContext application = start("ECHO_TCP_SERVERS_STREAM_ADDRESS", "127.0.0.1")) {
			EchoService service = service(application);
			assertThat(serverLines(output)).containsExactlyInAnyOrder(
					"Server 'stream' listens: TCP, address 127.0.0.1, port %d, framing none"
						.formatted(service.port("stream")),
					"Server 'line' listens: TCP, address ::, port %d, framing line".formatted(service.port("line")),
					"Server 'message' listens: TCP, address ::, port %d, framing delimiter"
						.formatted(service.port("message")),
					"Server 'collect' listens: TCP, address ::, port %d, framing until-close"
						.formatted(service.port("collect")));
			String started = Logs.written(output);
			for (String server : List.of("stream", "line")) {
				try (EchoClient client = service.connect(server)) {
					client.exchange("one\n");
				}
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> closedByClient(service, "stream") + closedByClient(service, "line") == 2);
			assertThat(Logs.written(output)).isEqualTo(started);
		}
	}

	@Test
	void serverThatIsSwitchedOffIsNotOpened(CapturedOutput output) {
		try (ConfigurableApplicationContext application = start("ECHO_TCP_SERVERS_LINE_ENABLED", "false")) {
			assertThat(serverNames(application)).containsOnlyKeys("stream", "message", "collect");
			assertThat(serverLines(output)).noneMatch((line) -> line.contains("'line'"));
		}
	}

	@Test
	void serverThatIsAddedIsServed() throws IOException {
		try (ConfigurableApplicationContext application = start("ECHO_TCP_SERVERS_EXTRA_PORT", "0",
				"ECHO_TCP_SERVERS_EXTRA_FRAMING", "length-2")) {
			assertThat(serverNames(application)).containsOnlyKeys("stream", "line", "message", "collect", "extra");
			try (EchoClient client = service(application).connect("extra")) {
				assertThat(client.exchange("\0\3abc")).isEqualTo("\0\3abc");
			}
		}
	}

	@Test
	void oneChangedPropertyLeavesTheServerWhatItIs() throws IOException {
		try (ConfigurableApplicationContext application = start("ECHO_TCP_SERVERS_MESSAGE_DELIMITER", ";");
				EchoClient client = service(application).connect("message")) {
			client.send("a<EOF>b;c;");
			assertThat(client.readTextToEnd()).isEqualTo("a<EOF>b;");
		}
	}

	@Test
	void servesWithTheJdksSelectors() throws IOException {
		try (ConfigurableApplicationContext application = start("ECHO_TRANSPORT", "nio", "ECHO_EVENTLOOPS", "1")) {
			for (String server : List.of("stream", "line")) {
				try (EchoClient client = service(application).connect(server)) {
					assertThat(client.exchange("one\r\n")).isEqualTo("one\r\n");
					client.halfClose();
					assertThat(client.readToEnd()).isEmpty();
				}
			}
		}
	}

	private static ConfigurableApplicationContext start(String... variables) {
		Map<String, Object> environment = new HashMap<>(Map.of("SPRING_PROFILES_ACTIVE", TestApplication.FREE_PORTS,
				"ECHO_UDP_SERVERS_DATAGRAM_ENABLED", "false"));
		for (int i = 0; i < variables.length; i += 2) {
			environment.put(variables[i], variables[i + 1]);
		}
		StandardEnvironment standard = new StandardEnvironment();
		standard.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, new SystemEnvironmentPropertySource(
					StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, environment));
		SpringApplication application = new SpringApplication(SocketEchoApplication.class);
		application.setEnvironment(standard);
		application.setRegisterShutdownHook(false);
		return application.run();
	}

	private static EchoService service(ConfigurableApplicationContext application) {
		return new EchoService(application.getBean(EchoServers.class), application.getEnvironment());
	}

	private static Map<String, Object> serverNames(ConfigurableApplicationContext application) {
		return service(application).actuator().json("health", "$.components.echoServers.components");
	}

	private static double closedByClient(EchoService service, String server) {
		return service.actuator().scrape().value("echo_connections_closed_total", server, "reason=\"client_closed\"");
	}

	private static List<String> serverLines(CapturedOutput output) {
		return Pattern.compile("Server '\\S+' listens: .*")
			.matcher(Logs.written(output))
			.results()
			.map((result) -> result.group().strip())
			.toList();
	}

}
