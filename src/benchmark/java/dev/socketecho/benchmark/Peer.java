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
 * @param takesMany whether it is measured with a thousand connections, too
 * @param missing why it cannot be measured here, {@code null} if it can
 */
record Peer(String name, List<String> command, Map<String, Pattern> ports, int port, boolean takesMany,
		@Nullable String missing) {

	static final Pattern PRINTED_PORT = Pattern.compile("^port=(\\d+)");

	/**
	 * A server that says its ports.
	 */
	static Peer of(String name, List<String> command, Map<String, Pattern> ports) {
		return new Peer(name, command, ports, 0, false, null);
	}

	/**
	 * A server with a framing that prints {@code port=} and its port.
	 */
	static Peer printing(String name, List<String> command, String framing) {
		return of(name, command, Map.of(framing, PRINTED_PORT));
	}

	/**
	 * A server whose program this machine does not have.
	 */
	static Peer missing(String name, String why) {
		return new Peer(name, List.of(), Map.of(), 0, false, why);
	}

	/**
	 * The same, but it is measured with a thousand connections, too.
	 */
	Peer withMany() {
		return new Peer(this.name, this.command, this.ports, this.port, true, this.missing);
	}

	/**
	 * Its name in the table with a framing.
	 */
	String title(String framing) {
		return this.name + Protocol.of(framing).suffix();
	}

	/**
	 * Whether a pattern finds a name that it has in the table.
	 */
	boolean isNamed(Pattern pattern) {
		return this.ports.isEmpty() ? pattern.matcher(this.name).find()
				: this.ports.keySet().stream().anyMatch((framing) -> pattern.matcher(title(framing)).find());
	}

}
