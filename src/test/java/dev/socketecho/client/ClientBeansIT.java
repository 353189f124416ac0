package dev.socketecho.client;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.testing.TestApplication;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.integration.graph.IntegrationGraphServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Configured clients in a running service, one of them calling another such service.
 */
class ClientBeansIT {

	private static ConfigurableApplicationContext service;

	private static ConfigurableApplicationContext caller;

	private static UdpPeer datagrams;

	@BeforeAll
	static void start() throws Exception {
		datagrams = new UdpPeer(UdpPeer::reply);
		service = TestApplication.run();
		int line = TestApplication.port(service, "line");
		caller = TestApplication.run("echo.tcp.clients.backend.host=127.0.0.1", "echo.tcp.clients.backend.port=" + line,
				"echo.tcp.clients.backend.framing=line", "echo.tcp.clients.backend.pool-size=2",
				"echo.tcp.clients.single.host=127.0.0.1",
				"echo.tcp.clients.single.port=" + TestApplication.port(service, "message"),
				"echo.tcp.clients.single.framing=delimiter", "echo.tcp.clients.single.delimiter=<EOF>",
				"echo.tcp.clients.single.close-after-reply=true", "echo.udp.clients.datagrams.host=127.0.0.1",
				"echo.udp.clients.datagrams.port=" + datagrams.port(), "echo.tcp.clients.environment.host=127.0.0.1",
				"echo.tcp.clients.environment.port=" + line, "echo.tcp.clients.environment.framing=line",
				"echo.tcp.clients.taskScheduler.host=127.0.0.1", "echo.tcp.clients.taskScheduler.port=" + line,
				"echo.tcp.clients.taskScheduler.framing=line", "echo.udp.clients.echoClients.host=127.0.0.1",
				"echo.udp.clients.echoClients.port=" + datagrams.port());
	}

	@AfterAll
	static void stop() {
		datagrams.close();
		caller.close();
		service.close();
	}

	@Test
	void clientsAreInjectableByName() {
		Caller bean = caller.getAutowireCapableBeanFactory().createBean(Caller.class);
		assertThat(bean.backend.name()).isEqualTo("backend");
		assertThat(bean.datagrams.transport()).isEqualTo("udp");
		assertThat(caller.getBeansOfType(EchoClient.class)).containsOnlyKeys("echoClient.backend", "echoClient.single",
				"echoClient.datagrams", "echoClient.environment", "echoClient.taskScheduler", "echoClient.echoClients");
	}

	@ParameterizedTest
	@ValueSource(strings = { "environment", "taskScheduler", "echoClients" })
	void clientMayHaveTheNameOfABeanOfTheFramework(String name) throws Exception {
		EchoClient client = TestApplication.client(caller, name);
		assertThat(client.name()).isEqualTo(name);
		assertThat(client.send("hello".getBytes(StandardCharsets.UTF_8)).get(30, TimeUnit.SECONDS).message()).asString()
			.isEqualTo("hello");
		assertThat(caller.getBean(name)).isNotInstanceOf(EchoClient.class);
	}

	@Test
	void clientsEchoThroughTheirFlows() throws Exception {
		for (String name : List.of("backend", "single", "datagrams")) {
			EchoClient client = TestApplication.client(caller, name);
			List<CompletableFuture<EchoReply>> replies = IntStream.range(0, 100)
				.mapToObj((i) -> client.send(("m" + i).getBytes(StandardCharsets.UTF_8)))
				.toList();
			for (int i = 0; i < 100; i++) {
				assertThat(replies.get(i).get(30, TimeUnit.SECONDS).message()).asString().isEqualTo("m" + i);
			}
			MeterRegistry registry = caller.getBean(MeterRegistry.class);
			assertThat(registry.get("echo.client.rtt").tag("client", name).timer().count()).isGreaterThanOrEqualTo(100);
			assertThat(registry.get("echo.client.sent.bytes").tag("client", name).functionCounter().count())
				.isEqualTo(registry.get("echo.client.received.bytes").tag("client", name).functionCounter().count());
		}
	}

	@Test
	void requestsOneAfterTheOtherAreEchoed() throws Exception {
		EchoClient client = TestApplication.client(caller, "backend");
		int count = Integer.getInteger("echo.test.sequential", 5_000);
		for (int i = 0; i < count; i++) {
			byte[] message = ("message " + i).getBytes(StandardCharsets.UTF_8);
			assertThat(client.send(message).get(30, TimeUnit.SECONDS).message()).isEqualTo(message);
		}
	}

	@Test
	void flowsAreInTheIntegrationGraph() {
		assertThat(caller.getBean(IntegrationGraphServer.class).getGraph().nodes()).extracting("name")
			.contains("tcp.client.backend.requests", "tcp.client.backend.outbound", "tcp.client.backend.inbound",
					"udp.client.datagrams.outbound", "udp.client.datagrams.inbound");
	}

	static class Caller {

		private final EchoClient backend;

		private final EchoClient datagrams;

		@Autowired
		Caller(@Qualifier("backend") EchoClient backend, @Qualifier("datagrams") EchoClient datagrams) {
			this.backend = backend;
			this.datagrams = datagrams;
		}

	}

}
