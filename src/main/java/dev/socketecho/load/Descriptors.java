package dev.socketecho.load;

import java.lang.management.ManagementFactory;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * The file descriptors of this process. {@link LoadRuns} asks before it starts a run.
 * Thread-safe.
 */
final class Descriptors {

	/** In a run against this service, each connection takes two; the rest stays free. */
	private static final int SHARES = 3;

	private Descriptors() {
	}

	/**
	 * Returns how many the process may still open.
	 * @return the number; {@link Long#MAX_VALUE} where the platform cannot tell
	 */
	static long free() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getMaxFileDescriptorCount() - unix.getOpenFileDescriptorCount() : Long.MAX_VALUE;
	}

	/**
	 * Checks that a run leaves some to HTTP and to the servers. Without them nobody could
	 * stop the run.
	 * @param connections how many connections are asked for
	 * @param free how many descriptors are free
	 * @throws IllegalArgumentException if there are too few; the message names the
	 * setting, its value and what is expected
	 */
	static void check(int connections, long free) {
		long most = Math.max(1, free / SHARES);
		if (connections > most) {
			throw new IllegalArgumentException(
					"connections: %d (expected: 1 to %d, as only %d file descriptors are free)".formatted(connections,
							most, free));
		}
	}

}
