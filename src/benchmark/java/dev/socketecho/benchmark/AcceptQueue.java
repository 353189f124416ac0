package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The connections of a listening socket that the server has not accepted yet. Servers
 * that start a process for each have room for ten. Linux drops the SYN of one more, which
 * costs the client a second until the next.
 */
final class AcceptQueue {

	/**
	 * So many connections always have room.
	 */
	static final int ROOM = 8;

	private static final Path SOCKETS = Path.of("/proc/net/tcp");

	private static final String LISTENING = "0A";

	private static final int HEXADECIMAL = 16;

	private static final long POLL_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

	private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private AcceptQueue() {
	}

	/**
	 * Waits until the server has accepted all connections, a second at most. Sees only
	 * sockets of IPv4, as those servers have.
	 * @param port that it listens on
	 */
	static void awaitEmpty(int port) throws IOException {
		long end = System.nanoTime() + LONGEST_WAIT_NANOS;
		while (length(port) > 0 && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(POLL_NANOS);
		}
	}

	/**
	 * By proc(5): slot, local and remote address, state, then the lengths of the queues.
	 */
	private static int length(int port) throws IOException {
		if (!Files.exists(SOCKETS)) {
			return 0;
		}
		String ending = ":%04X".formatted(port);
		for (String line : Files.readAllLines(SOCKETS)) {
			String[] fields = line.strip().split("\\s+", 6);
			if (fields[1].endsWith(ending) && fields[3].equals(LISTENING)) {
				return Integer.parseInt(fields[4].substring(fields[4].indexOf(':') + 1), HEXADECIMAL);
			}
		}
		return 0;
	}

}
