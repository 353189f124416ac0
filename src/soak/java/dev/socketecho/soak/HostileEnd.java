package dev.socketecho.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

import com.jayway.jsonpath.JsonPath;
import dev.socketecho.app.Actuator;
import org.jspecify.annotations.Nullable;

/**
 * Peers that try to keep a connection open that the server wants to end.
 */
enum HostileEnd implements Hostile {

	/** Half-closes, reads no answer, and does not react when an operator closes the connection. */
	CLOSED_BY_OPERATOR {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(PATIENT))) {
				socket.write(new byte[1 + random.nextInt(8_000_000)]);
				boolean halfClosed = random.nextBoolean();
				if (halfClosed) {
					socket.halfClose();
				}
				Actuator actuator = new Actuator(ports.applyAsInt(Subject.HTTP));
				String id = id(actuator, socket.localPort(), halfClosed);
				int status = (id != null) ? actuator.delete("connections/" + id).statusCode() : 404;
				if (status == 404 && halfClosed) {
					// The kernel has taken all answers, and the connection has ended in order
					return;
				}
				if (status != 204) {
					throw new HostileSocket.StuckException("DELETE of an open connection: status " + status);
				}
				long deadline = System.nanoTime() + OPERATOR_CLOSE.toNanos();
				while (!ids(actuator, socket.localPort()).isEmpty()) {
					if (System.nanoTime() - deadline > 0) {
						throw new HostileSocket.StuckException("open long after an operator's close");
					}
					Thread.sleep(POLL);
				}
			}
		}
	},

	/** Leaves answers unread, sends too long a message, and then a byte now and then. */
	TRICKLE {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(STRICT))) {
				byte[] lines = new byte[200_000];
				Arrays.fill(lines, (byte) '\n');
				socket.write(lines);
				socket.write("a line that is longer than it may be ".repeat(100).getBytes(StandardCharsets.US_ASCII));
				long deadline = System.nanoTime() + TRICKLE_END.toNanos();
				try {
					while (System.nanoTime() - deadline < 0) {
						socket.write(new byte[] { 'x' });
						Thread.sleep(Duration.ofSeconds(1));
					}
				}
				catch (IOException ex) {
					return;
				}
				throw new HostileSocket.StuckException("a byte a second keeps a connection open");
			}
		}
	};

	/** A server without an idle timeout. */
	static final String PATIENT = "patient";

	/** A server of short lines and a short idle timeout. */
	static final String STRICT = "strict";

	/** 10 seconds, and what a busy machine needs besides. */
	private static final Duration OPERATOR_CLOSE = Duration.ofSeconds(20);

	/** The idle timeout, 10 seconds, and what a busy machine needs besides. */
	private static final Duration TRICKLE_END = Duration.ofSeconds(25);

	private static final Duration POLL = Duration.ofMillis(500);

	/** The settings of the two servers. */
	static List<String> properties() {
		return List.of("echo.tcp.servers.patient.idle-timeout=0", "echo.tcp.servers.strict.framing=line",
				"echo.tcp.servers.strict.max-message-size=1KB", "echo.tcp.servers.strict.idle-timeout=2s");
	}

	private static List<String> ids(Actuator actuator, int localPort) {
		String path = "connections?limit=1000&server=" + PATIENT;
		return JsonPath.read(actuator.get(path).body(),
				"$.connections[?(@.source == '127.0.0.1:%d')].id".formatted(localPort));
	}

	/**
	 * The connection's id, as soon as it is listed.
	 * @param mayHaveEnded whether it may have ended
	 */
	private static @Nullable String id(Actuator actuator, int localPort, boolean mayHaveEnded)
			throws InterruptedException {
		long deadline = System.nanoTime() + OPERATOR_CLOSE.toNanos();
		List<String> ids = ids(actuator, localPort);
		while (ids.isEmpty() && !mayHaveEnded) {
			if (System.nanoTime() - deadline > 0) {
				throw new HostileSocket.StuckException("an open connection is not listed");
			}
			Thread.sleep(POLL);
			ids = ids(actuator, localPort);
		}
		return ids.isEmpty() ? null : ids.getFirst();
	}

	@Override
	public abstract void attack(ToIntFunction<String> ports, Random random) throws Exception;

}
