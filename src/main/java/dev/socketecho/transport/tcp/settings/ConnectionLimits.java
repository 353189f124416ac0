package dev.socketecho.transport.tcp.settings;

/**
 * How many connections a server accepts. 0 is no limit.
 *
 * @param maxConnections open at once
 * @param maxConnectionsPerSource open at once from one source address
 * @param maxAcceptsPerSecond accepted in any one second; each costs 8 bytes of memory
 */
public record ConnectionLimits(int maxConnections, int maxConnectionsPerSource, int maxAcceptsPerSecond) {

	/**
	 * No limit.
	 */
	public static final ConnectionLimits NONE = new ConnectionLimits(0, 0, 0);

	/**
	 * Creates limits.
	 * @throws IllegalArgumentException if one is negative
	 */
	public ConnectionLimits {
		requireNotNegative("maxConnections", maxConnections);
		requireNotNegative("maxConnectionsPerSource", maxConnectionsPerSource);
		requireNotNegative("maxAcceptsPerSecond", maxAcceptsPerSecond);
	}

	private static void requireNotNegative(String name, int value) {
		if (value < 0) {
			throw new IllegalArgumentException("%s: %d (expected: >= 0)".formatted(name, value));
		}
	}

}
