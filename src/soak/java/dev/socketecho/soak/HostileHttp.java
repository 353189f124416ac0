package dev.socketecho.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * Peers of the HTTP port that hold connections, send much, or write from a stranger's
 * page.
 */
enum HostileHttp implements Hostile {

	/** Half a request, or none, and then silence. */
	HALF_SENT_HTTP {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			List<HostileSocket> sockets = new ArrayList<>();
			try {
				for (int i = 0; i < HELD; i++) {
					sockets.add(HostileSocket.connect(ports.applyAsInt(Subject.HTTP)));
					sockets.getLast().write(text(BEGUN[i % BEGUN.length]));
				}
				for (HostileSocket socket : sockets) {
					try {
						// 60 seconds at the most
						socket.readToEnd();
					}
					catch (IOException ex) {
						// A reset is an end, too
					}
				}
			}
			finally {
				for (HostileSocket socket : sockets) {
					socket.close();
				}
			}
		}
	},

	/** Bodies of 4 MB, several at once. */
	LARGE_BODIES {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			byte[] request = largeRequest();
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < BODIES; i++) {
				threads.add(Thread.ofVirtual().start(() -> send(ports.applyAsInt(Subject.HTTP), request)));
			}
			for (Thread thread : threads) {
				thread.join();
			}
			Thread.sleep(Duration.ofSeconds(2));
		}
	},

	/** A write that a browser sends for a stranger's page. */
	FOREIGN_ORIGIN {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(Subject.HTTP))) {
				socket.write(text("""
						POST /actuator/echo/%s HTTP/1.1\r
						Host: rebound.example\r
						Origin: http://rebound.example\r
						Content-Type: application/json\r
						Content-Length: 15\r
						Connection: close\r
						\r
						{"message":"x"}""".formatted(Outward.CLIENT)));
				String answer = socket.readText();
				if (!answer.startsWith("HTTP/1.1 403 ")) {
					throw new HostileSocket.StuckException("a foreign Origin may write: " + answer);
				}
			}
			Thread.sleep(Duration.ofSeconds(1));
		}
	};

	private static final int HELD = 100;

	private static final int BODIES = 4;

	/** In bytes: almost the most that is accepted with the subject's heap of 64 MB. */
	private static final int BODY = 4_000_000;

	private static final String[] BEGUN = { "", "GET /actuator/health HTTP/1.1\r\nHost: localh",
			"POST /actuator/echo/none HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
					+ "Content-Length: 100\r\n\r\n{\"mess" };

	/**
	 * A request to the service's own client whose message is of 4 MB.
	 */
	static byte[] largeRequest() {
		byte[] head = text("POST /actuator/echo/" + Outward.CLIENT + " HTTP/1.1\r\nHost: localhost\r\n"
				+ "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + BODY
				+ "\r\n\r\n{\"message\":\"");
		int end = head.length - "{\"message\":\"".length() + BODY;
		byte[] request = Arrays.copyOf(head, end);
		Arrays.fill(request, head.length, end, (byte) 'x');
		request[end - 2] = '"';
		request[end - 1] = '}';
		return request;
	}

	/**
	 * Sends a request and reads the answer, if there is one.
	 */
	static void send(int port, byte[] request) {
		try (HostileSocket socket = HostileSocket.connect(port)) {
			socket.write(request);
			socket.readToEnd();
		}
		catch (IOException ex) {
			// The server may close the connection of a hostile client
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static byte[] text(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public abstract void attack(ToIntFunction<String> ports, Random random) throws Exception;

}
