package dev.socketecho.config;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.server.EchoServers;
import dev.socketecho.transport.loop.EventLoops;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.integration.graph.IntegrationGraphServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests the UDP servers of the whole application: properties, metrics, health, failures
 * and shutdown.
 */
@ExtendWith(OutputCaptureExtension.class)
class UdpServersIT {

	private static final String SERVER = "echo.udp.servers.datagram.";

	@Test
	void echoesAndCountsExactly() throws Exception {
		try (ConfigurableApplicationContext context = start(); DatagramSocket client = client()) {
			for (int size : new int[] { 0, 1, 65507 }) {
				assertThat(exchange(client, port(context), new byte[size])).hasSize(size);
			}
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(counter(meters, "echo.received.bytes")).isEqualTo(65508);
			assertThat(counter(meters, "echo.received.messages")).isEqualTo(3);
			assertThat(counter(meters, "echo.sent.bytes")).isEqualTo(65508);
			assertThat(counter(meters, "echo.sent.messages")).isEqualTo(3);
		}
	}

	@Test
	void allReasonsAndErrorsAreThereAtZero() {
		try (ConfigurableApplicationContext context = start()) {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(meters.get("echo.dropped.datagrams").tags("server", "datagram", "transport", "udp").meters())
				.extracting((meter) -> meter.getId().getTag("reason"))
				.containsExactlyInAnyOrder("loop_guard", "rate_limited", "message_too_long", "denied", "kernel_buffer",
						"send_failed", "amplification", "fault", "message_too_short", "authentication_failed");
			assertThat(meters.get("echo.dropped.datagrams").counters()).allMatch((counter) -> counter.count() == 0);
			assertThat(meters.get("echo.errors").tags("server", "datagram", "transport", "udp").counters())
				.allMatch((counter) -> counter.count() == 0)
				.hasSizeGreaterThan(20);
		}
	}

	@Test
	void datagramsThatTheKernelDropsAreCounted() throws Exception {
		CountDownLatch released = new CountDownLatch(1);
		try (ConfigurableApplicationContext context = start(SERVER + "options.receive-buffer-size=8KB");
				DatagramSocket client = client()) {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			FunctionCounter drops = meters.get("echo.dropped.datagrams")
				.tags("server", "datagram", "reason", "kernel_buffer")
				.functionCounter();
			assertThat(drops.count()).isZero();
			context.getBean(EventLoops.class)
				.group()
				.forEach((eventLoop) -> eventLoop.execute(() -> awaitUninterruptibly(released)));
			for (int i = 0; i < 100; i++) {
				client.send(packet(port(context), new byte[1000]));
			}
			double dropped = drops.count();
			assertThat(dropped).as("while the event loops are held").isPositive();
			released.countDown();
			Awaitility.await().until(() -> counter(meters, "echo.received.messages") == 100 - dropped);
			assertThat(drops.count()).isEqualTo(dropped);
		}
		finally {
			released.countDown();
		}
	}

	@Test
	void healthShowsTheServer() {
		try (ConfigurableApplicationContext context = start()) {
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(health(context).getDetails()).containsEntry("transport", "udp")
				.containsEntry("state", "listening")
				.containsEntry("port", port(context))
				.containsEntry("sockets", 1);
			context.getBean(EchoServers.class).udp("datagram").adapter().stop();
			assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
		}
	}

	@Test
	void adaptersAreInTheIntegrationGraph() {
		try (ConfigurableApplicationContext context = start()) {
			assertThat(context.getBean(IntegrationGraphServer.class).getGraph().nodes())
				.extracting((node) -> node.getName())
				.contains("udp.datagram.inbound", "udp.datagram.messages", "udp.datagram.outbound");
		}
	}

	@Test
	void startIsLoggedInOneLine(CapturedOutput output) {
		try (ConfigurableApplicationContext context = start()) {
			Awaitility.await()
				.untilAsserted(() -> assertThat(output).contains("Server 'datagram' listens: UDP, address ")
					.contains("port %d, sockets 1".formatted(port(context)))
					.doesNotContain("udp.datagram.inbound"));
		}
	}

	@Test
	void datagramsAreLoggedOnRequest(CapturedOutput output) throws Exception {
		try (ConfigurableApplicationContext context = start(SERVER + "log-payload=true",
				SERVER + "log-payload-limit=4B"); DatagramSocket client = client()) {
			exchange(client, port(context), "a\nbcd".getBytes());
			Awaitility.await()
				.untilAsserted(() -> assertThat(output)
					.contains("Read 5 bytes from socket 127.0.0.1:%d. Data: a\\nbc... (1 more bytes)"
						.formatted(client.getLocalPort())));
		}
	}

	@Test
	void collectAnswersNothing() throws Exception {
		try (ConfigurableApplicationContext context = start(SERVER + "mode=collect", "echo.udp.servers.other.port=0");
				DatagramSocket client = client()) {
			client.send(packet(port(context), new byte[10]));
			int other = context.getBean(EchoServers.class).udp("other").adapter().getPort();
			assertThat(exchange(client, other, new byte[3])).hasSize(3);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			Awaitility.await().until(() -> counter(meters, "echo.received.messages") == 1);
			assertThat(counter(meters, "echo.sent.messages")).isZero();
		}
	}

	@Test
	void ownServersNeverAnswerEachOther() throws Exception {
		try (ConfigurableApplicationContext context = start("echo.udp.servers.other.port=0")) {
			EchoServers servers = context.getBean(EchoServers.class);
			int other = servers.udp("other").adapter().getPort();
			context.getBean("udp.other.outbound.handler", org.springframework.messaging.MessageHandler.class)
				.handleMessage(org.springframework.messaging.support.MessageBuilder.withPayload("forged")
					.setHeader(org.springframework.integration.ip.IpHeaders.PACKET_ADDRESS,
							new InetSocketAddress("127.0.0.1", port(context)))
					.build());
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			Awaitility.await()
				.until(() -> meters.get("echo.dropped.datagrams")
					.tags("server", "datagram", "reason", "loop_guard")
					.counter()
					.count() == 1);
			assertThat(other).isNotEqualTo(port(context));
			assertThat(counter(meters, "echo.sent.messages")).isZero();
		}
	}

	@Test
	void disabledServerIsNotOpened() {
		try (ConfigurableApplicationContext context = start(SERVER + "enabled=false")) {
			assertThat(context.getBean(EchoServers.class).udp()).isEmpty();
		}
	}

	@Test
	void shutdownAnswersWhatWasReceived() throws Exception {
		try (DatagramSocket client = client()) {
			ConfigurableApplicationContext context = start();
			for (int i = 0; i < 50; i++) {
				client.send(packet(port(context), new byte[i]));
			}
			context.close();
			for (int i = 0; i < 50; i++) {
				assertThat(receive(client)).hasSize(i);
			}
		}
	}

	@Test
	void takenPortIsExplained(CapturedOutput output) throws Exception {
		try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
			assertThatException()
				.isThrownBy(() -> start(SERVER + "address=127.0.0.1", SERVER + "port=" + taken.getLocalPort()));
			Awaitility.await()
				.untilAsserted(() -> assertThat(output)
					.contains(
							"UDP server 'datagram' cannot listen on address 127.0.0.1, port %d: address_already_in_use"
								.formatted(taken.getLocalPort()))
					.contains("ss -lunp")
					.contains("set echo.udp.servers.datagram.port to another port")
					.doesNotContain("\tat "));
		}
	}

	@ParameterizedTest
	@CsvSource({ "port, 65536", "port, ''", "address, a b", "max-datagram-size, 65528B", "reply-port, 0",
			"reply-port, 53", "max-datagrams-per-second-per-source, -1", "blocked-source-ports, 65536",
			"allow, localhost", "deny, 10.0.0.0/33", "multicast.groups, 10.0.0.1", "multicast.time-to-live, 256",
			"options.traffic-class, 256", "mode, reflect", "portt, 1", "stamp.max-sessions, 0",
			"stamp.session-timeout, 0s", "stamp.hmac-key, ''" })
	void invalidPropertyIsExplained(String property, String value, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(SERVER + property + "=" + value));
		// The console is written to by a thread of its own.
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(SERVER + property)
				.doesNotContain("\tat "));
	}

	@Test
	void keyInAnotherModeIsExplainedWithoutTheKey(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(SERVER + "stamp.hmac-key=hush-hush"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).contains("APPLICATION FAILED TO START")
				.contains(SERVER + "mode")
				.contains("must be stamp, because stamp.hmac-key is set")
				.doesNotContain("\tat "));
		assertThat(output).doesNotContain("hush-hush");
	}

	@ParameterizedTest
	@ValueSource(strings = { "stateful", "synchronized" })
	void stampPropertyInAnotherModeIsExplained(String property, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start(SERVER + "stamp." + property + "=true"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).contains(SERVER + "mode")
				.contains("must be stamp, because stamp." + property + " is set")
				.doesNotContain("\tat "));
	}

	@Test
	void stampOverTcpIsExplained(CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("echo.tcp.servers.line.mode=stamp"));
		assertThatException().isThrownBy(() -> start("echo.probes.p.transport=tcp", "echo.probes.p.host=127.0.0.1",
				"echo.probes.p.port=9", "echo.probes.p.protocol=stamp"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).contains("echo.tcp.servers.line.mode")
				.contains("must be echo, collect or identify: STAMP is a protocol over UDP")
				.contains("echo.probes.p.protocol")
				.contains("STAMP is a protocol over UDP, and the target is one over TCP")
				.doesNotContain("\tat "));
	}

	@ParameterizedTest
	@ValueSource(strings = { "direct-measurement", "stateful" })
	void stampPropertyOfAProbeOfAnEchoIsExplained(String property, CapturedOutput output) {
		assertThatException().isThrownBy(() -> start("echo.probes.p.transport=udp", "echo.probes.p.host=127.0.0.1",
				"echo.probes.p.port=9", "echo.probes.p.stamp." + property + "=true"));
		Awaitility.await()
			.untilAsserted(() -> assertThat(output).contains("echo.probes.p.protocol")
				.contains("must be stamp, because stamp." + property + " is set")
				.doesNotContain("\tat "));
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ConfigurableApplicationContext start(String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--echo.tcp.servers.stream.enabled=false",
				"--echo.tcp.servers.line.enabled=false", "--echo.tcp.servers.message.enabled=false",
				"--echo.tcp.servers.collect.enabled=false", "--" + SERVER + "port=0", "--spring.jmx.enabled=false"));
		// What comes last wins.
		Arrays.stream(properties).forEach((property) -> {
			arguments
				.removeIf((argument) -> argument.startsWith("--" + property.substring(0, property.indexOf('=') + 1)));
			arguments.add("--" + property);
		});
		return new SpringApplicationBuilder(SocketEchoApplication.class).web(WebApplicationType.NONE)
			.run(arguments.toArray(String[]::new));
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getBean(EchoServers.class).udp("datagram").adapter().getPort();
	}

	private static IndicatedHealthDescriptor health(ConfigurableApplicationContext context) {
		CompositeHealthDescriptor servers = (CompositeHealthDescriptor) context.getBean(HealthEndpoint.class)
			.healthForPath("echoServers");
		return (IndicatedHealthDescriptor) servers.getComponents().get("datagram");
	}

	private static double counter(MeterRegistry meters, String name) {
		return meters.get(name)
			.tags("server", "datagram", "transport", "udp")
			.functionCounters()
			.stream()
			.mapToDouble(FunctionCounter::count)
			.sum();
	}

	private static DatagramSocket client() throws Exception {
		DatagramSocket client = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
		client.setSoTimeout(10_000);
		return client;
	}

	private static DatagramPacket packet(int port, byte[] data) {
		return new DatagramPacket(data, data.length, new InetSocketAddress("127.0.0.1", port));
	}

	private static byte[] exchange(DatagramSocket client, int port, byte[] data) throws Exception {
		client.send(packet(port, data));
		return receive(client);
	}

	private static byte[] receive(DatagramSocket client) throws Exception {
		DatagramPacket answer = new DatagramPacket(new byte[65536], 65536);
		client.receive(answer);
		return Arrays.copyOf(answer.getData(), answer.getLength());
	}

}
