package dev.socketecho.app;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Peers that use up the memory outside the heap: what fails is theirs, and every event
 * loop goes on.
 */
@Execution(ExecutionMode.CONCURRENT)
class DirectMemoryIT {

	private static final int EVENT_LOOPS = 2;

	private static final int HOGS = 40;

	@ParameterizedTest
	@ValueSource(strings = { "epoll", "io_uring", "nio" })
	void eventLoopsOutliveIt(String transport) throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(),
				List.of("--enable-native-access=ALL-UNNAMED", "-XX:MaxDirectMemorySize=12m"),
				"echo.transport=" + transport, "echo.event-loops=" + EVENT_LOOPS,
				"echo.tcp.servers.stream.enabled=false", "echo.tcp.servers.frames.port=0",
				"echo.tcp.servers.frames.framing=length-4")) {
			List<Socket> hogs = new ArrayList<>();
			CountDownLatch refused = new CountDownLatch(1);
			try (DatagramSocket datagrams = new DatagramSocket()) {
				for (int i = 0; i < HOGS; i++) {
					hogs.add(hog(service.port("frames"), refused));
					send(datagrams, service.port("datagram"), 65_000);
				}
				assertThat(refused.await(20, TimeUnit.SECONDS)).as("the memory is used up").isTrue();
				for (int i = 0; i < HOGS; i++) {
					send(datagrams, service.port("datagram"), 65_000);
				}
			}
			finally {
				for (Socket hog : hogs) {
					hog.close();
				}
			}
			await().atMost(Duration.ofSeconds(20))
				.ignoreExceptions()
				.untilAsserted(() -> everyEventLoopServes(service));
			assertThat(service.output()).noneMatch((line) -> line.contains("n event executor terminated"));
		}
	}

	/**
	 * Sends most of a message, which has to be kept.
	 * @param refused told that the server has ended the connection
	 */
	private static Socket hog(int port, CountDownLatch refused) throws IOException {
		Socket socket = new Socket("127.0.0.1", port);
		Thread.ofVirtual().start(() -> {
			try {
				socket.getOutputStream().write(new byte[] { 0, 15, 0, 0 });
				socket.getOutputStream().write(new byte[900_000]);
				socket.getInputStream().read();
			}
			catch (IOException ex) {
				// The server has ended it, as it may, or the test
			}
			refused.countDown();
		});
		return socket;
	}

	private static void everyEventLoopServes(ServiceProcess service) throws IOException {
		for (int i = 0; i < 4 * EVENT_LOOPS; i++) {
			try (Socket socket = new Socket("127.0.0.1", service.port("line"))) {
				socket.setSoTimeout(2_000);
				socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
				assertThat(socket.getInputStream().readNBytes(6)).asString(StandardCharsets.US_ASCII)
					.isEqualTo("hello\n");
			}
		}
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.setSoTimeout(2_000);
			send(socket, service.port("datagram"), 100);
			socket.receive(new DatagramPacket(new byte[100], 100));
		}
	}

	private static void send(DatagramSocket socket, int port, int size) throws IOException {
		socket.send(new DatagramPacket(new byte[size], size, InetAddress.getLoopbackAddress(), port));
	}

}
