package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the properties as they are bound from {@code application.yml} and what a user
 * adds to it.
 */
class EchoPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withInitializer(new ConfigDataApplicationContextInitializer())
		.withUserConfiguration(PropertiesConfiguration.class);

	@ParameterizedTest
	@CsvSource({ "stream, 7007, NONE, ECHO, false, false", "line, 1337, LINE, ECHO, false, false",
			"message, 11000, DELIMITER, ECHO, true, true", "collect, 11001, UNTIL_CLOSE, COLLECT, false, true" })
	void serverIsThereByDefault(String name, int port, Framing framing, ServerMode mode, boolean closeAfterReply,
			boolean logPayload) {
		TcpServerProperties server = bind(this.runner, name);
		assertThat(server.enabled()).isTrue();
		assertThat(server.port()).isEqualTo(port);
		assertThat(server.address()).isNull();
		assertThat(server.framing()).isEqualTo(framing);
		assertThat(server.mode()).isEqualTo(mode);
		assertThat(server.closeAfterReply()).isEqualTo(closeAfterReply);
		assertThat(server.logPayload()).isEqualTo(logPayload);
	}

	@Test
	void messageEndsInEof() {
		assertThat(bind(this.runner, "message").delimiter()).isEqualTo("<EOF>");
	}

	@Test
	void noOtherServerIsThereByDefault() {
		assertThat(bind(this.runner).tcp().servers()).containsOnlyKeys("stream", "line", "message", "collect");
	}

	@Test
	void newServerNeedsAPortOnly() {
		TcpServerProperties server = bind(this.runner.withPropertyValues("echo.tcp.servers.my-own.port=4711"),
				"my-own");
		assertThat(server).isEqualTo(new TcpServerProperties(true, 4711, null, 1024, Framing.NONE, null, null,
				DataSize.ofMegabytes(1), ServerMode.ECHO, false, false, DataSize.ofKilobytes(1), 100,
				Duration.ofMinutes(5), 0, 0, 0, List.of(), List.of(), false, null, DataSize.ofMegabytes(1), Map.of(),
				new TcpServerProperties.Options(true, true, true, false, null, null, null, null)));
	}

	@Test
	void serviceHasDefaults() {
		EchoProperties properties = bind(this.runner);
		assertThat(properties.transport()).isEqualTo(TransportType.AUTO);
		assertThat(properties.eventLoops()).isNull();
		assertThat(properties.shutdown().readinessDelay()).isZero();
	}

	@Test
	void environmentVariableChangesOnePropertyOfADefaultServer() {
		Map<String, TcpServerProperties> before = bind(this.runner).tcp().servers();
		Map<String, TcpServerProperties> after = bind(withEnvironment("ECHO_TCP_SERVERS_MESSAGE_PORT", "2337")).tcp()
			.servers();
		assertThat(after).containsOnlyKeys(before.keySet());
		assertThat(after.get("message").port()).isEqualTo(2337);
		assertThat(after.get("message")).usingRecursiveComparison()
			.ignoringFields("port")
			.isEqualTo(before.get("message"));
		assertThat(after).containsEntry("stream", before.get("stream"))
			.containsEntry("line", before.get("line"))
			.containsEntry("collect", before.get("collect"));
	}

	@Test
	void environmentVariableReachesPropertiesOfSeveralWords() {
		assertThat(bind(withEnvironment("ECHO_TCP_SERVERS_LINE_MAXMESSAGESIZE", "4KB"), "line").maxMessageSize())
			.isEqualTo(DataSize.ofKilobytes(4));
		assertThat(bind(withEnvironment("ECHO_TCP_SERVERS_LINE_OPTIONS_TCPNODELAY", "false"), "line").options()
			.tcpNoDelay()).isFalse();
		assertThat(bind(withEnvironment("ECHO_SHUTDOWN_READINESSDELAY", "3s")).shutdown().readinessDelay())
			.isEqualTo(Duration.ofSeconds(3));
	}

	@Test
	void environmentVariableSwitchesADefaultServerOffOrAddsOne() {
		assertThat(bind(withEnvironment("ECHO_TCP_SERVERS_COLLECT_ENABLED", "false"), "collect").enabled()).isFalse();
		assertThat(bind(withEnvironment("ECHO_TCP_SERVERS_EXTRA_PORT", "4711"), "extra").port()).isEqualTo(4711);
	}

	@ParameterizedTest
	@EnumSource(Framing.class)
	void framingIsWrittenAsInLogs(Framing framing) {
		String delimiter = (framing == Framing.DELIMITER) ? ";" : "";
		assertThat(bind(this.runner.withPropertyValues("echo.tcp.servers.own.port=1",
				"echo.tcp.servers.own.framing=" + framing.value(), "echo.tcp.servers.own.delimiter=" + delimiter),
				"own")
			.framing()).isEqualTo(framing);
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1", "::1", "fe80::1%lo", "localhost", "my-host.example.com", "a_b.example." })
	void addressIsALiteralOrAName(String address) {
		assertThat(bind(this.runner.withPropertyValues("echo.tcp.servers.line.address=" + address), "line").address())
			.isEqualTo(address);
	}

	@ParameterizedTest
	@CsvSource({ "has space", "semi;colon", "-dash", "dash-.example", "http://host", "host:80", "1.2.3.256", "a..b",
			"1::2::3", "über.example" })
	void addressThatNoHostHasIsRejected(String address) {
		this.runner.withPropertyValues("echo.tcp.servers.line.address=" + address)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("must be an IP address or a host name"));
	}

	@ParameterizedTest
	@CsvSource({ "tcp.servers.line.port, 65536", "tcp.servers.line.port, -1", "tcp.servers.line.backlog, 0",
			"tcp.servers.line.max-message-size, 0B", "tcp.servers.line.max-message-size, 3GB",
			"tcp.servers.line.max-pending-bytes, 0B", "tcp.servers.line.log-payload-limit, -1B",
			"tcp.servers.line.idle-timeout, -1s", "tcp.servers.line.max-connections, -1",
			"tcp.servers.line.max-connections-per-source, -1", "tcp.servers.line.max-accepts-per-second, -1",
			"tcp.servers.line.options.traffic-class, 256", "tcp.servers.line.options.linger, -1s",
			"tcp.servers.line.options.receive-buffer-size, 0B", "event-loops, 0", "shutdown.readiness-delay, -1s",
			"tcp.servers.[no name].port, 1", "tcp.servers.line.mode, ignore", "transport, kqueue",
			"tcp.servers.line.max-mesage-size, 1KB", "tcp.server.line.port, 1" })
	void valueOutOfBoundsOrUnknownIsRejected(String property, String value) {
		this.runner.withPropertyValues("echo." + property + "=" + value)
			.run((context) -> assertThat(context).hasFailed());
	}

	@ParameterizedTest
	@CsvSource({ "port, 0", "port, 65535", "idle-timeout, 0", "log-payload-limit, 0B", "max-message-size, 1B",
			"options.traffic-class, 255", "options.linger, 0s", "max-connections, 2147483647" })
	void valueAtTheBoundIsAccepted(String property, String value) {
		this.runner.withPropertyValues("echo.tcp.servers.line." + property + "=" + value)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	private ApplicationContextRunner withEnvironment(String name, String value) {
		return this.runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", Map.of(name, value))));
	}

	private static TcpServerProperties bind(ApplicationContextRunner runner, String server) {
		TcpServerProperties properties = bind(runner).tcp().servers().get(server);
		assertThat(properties).as(server).isNotNull();
		return properties;
	}

	private static EchoProperties bind(ApplicationContextRunner runner) {
		EchoProperties[] bound = new EchoProperties[1];
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			bound[0] = context.getBean(EchoProperties.class);
		});
		return bound[0];
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EchoProperties.class)
	static class PropertiesConfiguration {

	}

}
