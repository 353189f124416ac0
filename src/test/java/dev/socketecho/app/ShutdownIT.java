package dev.socketecho.app;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.socketecho.client.ClientPeer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what SIGTERM does.
 */
@DisabledOnOs(OS.WINDOWS)
class ShutdownIT {

	private static final int CALLERS = 16;

	/**
	 * Each caller must get the echo of all that was read from it, and FIN: then what all
	 * callers got is what the server has read.
	 */
	@Test
	void sigtermUnderLoadLosesNoByteThatWasRead() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), "echo.shutdown.readiness-delay=1s");
				ExecutorService threads = Executors.newCachedThreadPool()) {
			Actuator actuator = service.actuator();
			assertThat(actuator.get("health/readiness").statusCode()).isEqualTo(200);
			List<PipeliningCaller> callers = new ArrayList<>();
			for (int i = 0; i < CALLERS; i++) {
				callers.add(PipeliningCaller.connect(service.port("line"), threads));
			}
			await(callers, PipeliningCaller::answered);

			service.terminate();
			awaitNotReady(actuator);
			assertThat(actuator.get("health/liveness").statusCode()).isEqualTo(200);

			// The callers hold their ends of the connections, so the drain goes on
			await(callers, PipeliningCaller::received);
			Scrape scrape = actuator.scrape();
			assertThat(actuator.get("health/liveness").statusCode()).isEqualTo(200);
			assertThat(actuator.get("health/readiness").statusCode()).isEqualTo(503);
			long received = 0;
			for (PipeliningCaller caller : callers) {
				received += caller.received().join();
				caller.close();
			}
			assertThat(scrape.value("echo_received_bytes_total", "line", "")).isEqualTo(received);
			assertThat(scrape.value("echo_sent_bytes_total", "line", "")).isEqualTo(received);
			assertThat(service.awaitExit()).isEqualTo(143);
			assertThat(service.output()).filteredOn((line) -> line.contains("connections ended in order"))
				.singleElement()
				.asString()
				.contains("Shutdown: " + CALLERS + " connections ended in order, 0 were cut");
			assertThat(service.output()).noneMatch((line) -> line.startsWith("\tat "))
				.noneMatch((line) -> line.contains(" ERROR ") || line.contains(" WARN "));
		}
	}

	@Test
	void sigtermLeavesTheServersOpenForTheReadinessDelay() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), "echo.shutdown.readiness-delay=1h")) {
			int port = service.port("stream");
			Actuator actuator = service.actuator();
			service.terminate();
			awaitNotReady(actuator);
			assertThat(actuator.get("health/liveness").statusCode()).isEqualTo(200);
			try (EchoClient late = EchoClient.connect(port)) {
				assertThat(late.exchange("let in")).isEqualTo("let in");
			}
		}
	}

	/**
	 * The run ends its connections itself, and not the end of the process: that waits for
	 * the readiness delay.
	 */
	@Test
	void sigtermStopsALoadRunAtOnceAndLeavesNoneOfItsConnections() throws Exception {
		AtomicInteger open = new AtomicInteger();
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			open.incrementAndGet();
			try {
				in.transferTo(out);
			}
			finally {
				open.decrementAndGet();
			}
		});
				ServiceProcess service = ServiceProcess.start(List.of(), "echo.shutdown.readiness-delay=1h",
						"management.endpoint.load.access=unrestricted", "echo.tcp.clients.peer.host=127.0.0.1",
						"echo.tcp.clients.peer.port=" + peer.port(), "echo.tcp.clients.peer.framing=line")) {
			Actuator actuator = service.actuator();
			assertThat(actuator.post("load/peer", "{\"rate\": 1000, \"warmUp\": \"0s\"}").statusCode()).isEqualTo(202);
			Awaitility.await().until(() -> actuator.<Integer>json("load/peer", "$.received") > 100);
			assertThat(open).hasValue(8);

			service.terminate();
			awaitNotReady(actuator);
			Awaitility.await().until(() -> open.get() == 0);
			assertThat(actuator.<String>json("load/peer", "$.state")).isEqualTo("stopped");
			assertThat(actuator.post("load/peer", "{}").statusCode()).isEqualTo(409);
		}
	}

	private static void awaitNotReady(Actuator actuator) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> actuator.get("health/readiness").statusCode() == 503);
	}

	private static void await(List<PipeliningCaller> callers,
			Function<PipeliningCaller, CompletableFuture<?>> completion) throws Exception {
		CompletableFuture.allOf(callers.stream().map(completion).toArray(CompletableFuture<?>[]::new))
			.get(30, TimeUnit.SECONDS);
	}

}
