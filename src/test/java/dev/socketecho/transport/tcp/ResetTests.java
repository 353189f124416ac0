package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.loop.TransportType;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A peer that resets its connection in the middle of a frame, to which nothing is written
 * that could fail: the reset itself has to be noticed.
 */
class ResetTests {

	private static final int CONNECTIONS = 500;

	private static final int MOST_NANOS = 300_000;

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "AUTO", "NIO" })
	void noticesEachResetInTheMiddleOfAFrame(TransportType transport) throws IOException {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.transport = transport)) {
			Random random = new Random(1);
			for (int i = 0; i < CONNECTIONS; i++) {
				try (Socket socket = new Socket("127.0.0.1", server.factory.getPort())) {
					socket.getOutputStream().write("half a line".getBytes(StandardCharsets.US_ASCII));
					LockSupport.parkNanos(random.nextInt(MOST_NANOS));
					socket.setSoLinger(true, 0);
				}
			}
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.until(() -> server.recorder.closed.size() == CONNECTIONS && server.factory.activeConnections() == 0);
		}
	}

}
