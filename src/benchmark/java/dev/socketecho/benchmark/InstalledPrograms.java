package dev.socketecho.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Echo servers that are programs of this machine.
 */
final class InstalledPrograms {

	private static final String PLAIN = "none";

	private InstalledPrograms() {
	}

	static Peer socat(String address) {
		String name = "socat, fork, " + address;
		return program(name, "socat",
				(path) -> Peer.of(name, List.of(path, "-d", "-d", "TCP-LISTEN:0,fork,backlog=1024,nodelay", address),
						Map.of(PLAIN, Pattern.compile("listening on AF=\\d+ .*:(\\d+)$"))));
	}

	static Peer ncat() {
		String name = "ncat, --exec /bin/cat";
		int port = freePort(0);
		return program(name, "ncat", (path) -> withPort(name, List.of(path, "-v", "-k", "-m", "1000", "-l", "127.0.0.1",
				Integer.toString(port), "--exec", "/bin/cat"), "Listening on 127.0.0.1", port));
	}

	/**
	 * inetd with its own echo, which has port 7, or with a program.
	 */
	static Peer inetd(String service) throws IOException {
		String name = "inetd, " + service;
		boolean internal = service.equals("internal");
		int port = freePort(internal ? 7 : 0);
		if (port == 0) {
			return Peer.missing(name, "port 7 is taken or needs root");
		}
		Path configuration = Commands.work().resolve("inetd-" + port + ".conf");
		Files.writeString(configuration, "127.0.0.1:%s stream tcp nowait %s %s%n"
			.formatted(internal ? "echo" : Integer.toString(port), System.getProperty("user.name"), service));
		return program(name, "inetutils-inetd",
				(path) -> withPort(name,
						List.of(path, "-d", "-R", "1000000", "-p" + configuration + ".pid", configuration.toString()),
						"^registered ", port));
	}

	private static Peer withPort(String name, List<String> command, String listens, int port) {
		return new Peer(name, command, Map.of(PLAIN, Pattern.compile(listens)), port, false, null);
	}

	private static Peer program(String name, String program, Function<String, Peer> peer) {
		@Nullable Path path = Commands.find(program);
		return (path != null) ? peer.apply(path.toString())
				: Peer.missing(name, "no %s on this machine".formatted(program));
	}

	/**
	 * A port that nobody listens on.
	 * @return 0 if the wanted one is not to be had
	 */
	private static int freePort(int wanted) {
		try (ServerSocket socket = new ServerSocket(wanted)) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			return 0;
		}
	}

}
