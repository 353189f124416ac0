package dev.socketecho.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Short requests that ask for long messages, or for long answers that nobody reads: they
 * do not use up the heap, which would end the process.
 */
@Execution(ExecutionMode.CONCURRENT)
class HttpMemoryIT {

	private static final int MESSAGE_CALLERS = 64;

	/** More than six megabytes of answer each, which is more than the memory for them. */
	private static final int ANSWER_CALLERS = 24;

	@Test
	void longMessagesThatAreAskedForTogether() throws Exception {
		callersAreOutlived(MESSAGE_CALLERS, "64m", "{\"payloadSize\":1048576,\"count\":20}", (_) -> {
		});
	}

	/**
	 * Six bytes of JSON for one of a message.
	 */
	@Test
	void longAnswersThatNobodyReads() throws Exception {
		String body = "{\"message\":\"%s\",\"count\":400}".formatted("\\u0001".repeat(2_600));
		callersAreOutlived(ANSWER_CALLERS, "128m", body, (caller) -> await().atMost(Duration.ofSeconds(20))
			.until(() -> caller.getInputStream().available() > 0));
	}

	private static void callersAreOutlived(int count, String heap, String body, Consumer<Socket> afterCall)
			throws Exception {
		List<Socket> callers = new ArrayList<>();
		try (ServerSocket peer = startEcho();
				ServiceProcess service = ServiceProcess.start(List.of(),
						List.of("--enable-native-access=ALL-UNNAMED", "-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"),
						"management.endpoint.echo.access=unrestricted", "echo.tcp.clients.peer.host=127.0.0.1",
						"echo.tcp.clients.peer.port=" + peer.getLocalPort(), "echo.tcp.clients.peer.pool-size=4")) {
			for (int i = 0; i < count; i++) {
				Socket caller = call(service.httpPort(), body);
				callers.add(caller);
				afterCall.accept(caller);
			}
			await().during(Duration.ofSeconds(3))
				.atMost(Duration.ofSeconds(40))
				.untilAsserted(() -> assertThat(service.actuator().get("health/liveness").statusCode()).isEqualTo(200));
			assertThat(service.output()).noneMatch((line) -> line.contains("OutOfMemoryError"))
				.noneMatch((line) -> line.contains(" ERROR "));
		}
		finally {
			for (Socket caller : callers) {
				caller.close();
			}
		}
	}

	/**
	 * Calls, and does not read the answer.
	 */
	private static Socket call(int port, String body) throws IOException {
		Socket socket = new Socket();
		socket.setReceiveBufferSize(4096);
		socket.connect(new InetSocketAddress("127.0.0.1", port));
		socket.getOutputStream().write("""
				POST /actuator/echo/peer HTTP/1.1\r
				Host: localhost\r
				Content-Type: application/json\r
				Content-Length: %d\r
				\r
				%s""".formatted(body.length(), body).getBytes(StandardCharsets.US_ASCII));
		return socket;
	}

	private static ServerSocket startEcho() throws IOException {
		ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		Thread.ofVirtual().start(() -> {
			try {
				while (true) {
					Socket socket = server.accept();
					Thread.ofVirtual().start(() -> echo(socket));
				}
			}
			catch (IOException ex) {
				// The test has ended
			}
		});
		return server;
	}

	private static void echo(Socket socket) {
		try (socket) {
			socket.getInputStream().transferTo(socket.getOutputStream());
		}
		catch (IOException ex) {
			// The service has ended
		}
	}

}
