package dev.socketecho.benchmark;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A server to measure: any command that says on its output that it listens.
 *
 * @param name its name in the table
 * @param command starts it
 * @param ports by framing, the pattern of the output's line that says so; its first group
 * is the port, unless {@code port} is
 * @param port the port, 0 where the output says it
 * @param missing why it cannot be measured here, {@code null} if it can
 */
record Peer(String name, List<String> command, Map<String, Pattern> ports, int port, @Nullable String missing) {

	private static final Pattern PRINTED_PORT = Pattern.compile("^port=(\\d+)");

	/**
	 * A server that prints {@code port=} and its port.
	 */
	static Peer printing(String name, List<String> command) {
		return printing(name, command, "none");
	}

	/**
	 * A server with a framing that prints {@code port=} and its port.
	 */
	static Peer printing(String name, List<String> command, String framing) {
		return new Peer(name, command, Map.of(framing, PRINTED_PORT), 0, null);
	}

	/**
	 * A server whose program this machine does not have.
	 */
	static Peer missing(String name, String why) {
		return new Peer(name, List.of(), Map.of(), 0, why);
	}

}
