package dev.socketecho.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.SocketEchoApplication;

/**
 * The service, as it is shipped, with free ports. Each protocol over TCP has a process of
 * its own, so that none is measured with code that the JVM has compiled for another.
 */
final class Subject {

	static final String NAME = "Socket Echo";

	private static final List<String> DEFAULT_SERVERS = List.of("stream", "line", "message", "collect");

	private Subject() {
	}

	/**
	 * With its default servers.
	 */
	static Peer plain() {
		return Peer.of(NAME, command(), Map.of("none", listens("stream", "TCP"), "line", listens("line", "TCP")))
			.withMany();
	}

	/**
	 * With a number of servers with framing {@code line}, instead of its default ones.
	 */
	static Peer lines(int servers) {
		List<String> names = IntStream.range(0, servers).mapToObj((i) -> "s" + i).toList();
		return Peer.of(NAME, command(names, "line"),
				names.stream().collect(Collectors.toMap(UnaryOperator.identity(), (name) -> listens(name, "TCP"))));
	}

	/**
	 * With a WebSocket server instead of its default ones.
	 */
	static Peer webSocket() {
		String name = "socket";
		return Peer.of(NAME, command(List.of(name), Wire.WEB_SOCKET), Map.of(Wire.WEB_SOCKET, listens(name, "TCP")));
	}

	/**
	 * With TLS on one of its default servers, with its default UDP server, and with
	 * reflectors of STAMP.
	 */
	static Peer tlsAndDatagrams() throws Exception {
		TlsFiles files = TlsFiles.get();
		String bundle = "--spring.ssl.bundle.pem.benchmark.keystore.";
		Stream<String> tls = Stream.of(bundle + "certificate=" + files.certificate(),
				bundle + "private-key=" + files.key(), "--echo.tcp.servers.stream.ssl.bundle=benchmark");
		Stream<String> reflectors = Stream
			.of("stateless.port=0", "stateless.mode=stamp", "stateful.port=0", "stateful.mode=stamp",
					"stateful.stamp.stateful=true", "authenticated.port=0", "authenticated.mode=stamp",
					"authenticated.stamp.hmac-key=" + Datagrams.KEY)
			.map((setting) -> "--echo.udp.servers." + setting);
		return Peer.of(NAME, command(Stream.concat(tls, reflectors).toArray(String[]::new)),
				Map.of(Wire.TLS, listens("stream", "TCP"), Datagrams.ECHO, listens("datagram", "UDP"),
						Datagrams.STATELESS, listens("stateless", "UDP"), Datagrams.STATEFUL,
						listens("stateful", "UDP"), Datagrams.AUTHENTICATED, listens("authenticated", "UDP")));
	}

	/**
	 * The command of the service with servers of a framing instead of its default ones.
	 */
	private static List<String> command(List<String> names, String framing) {
		Stream<String> disabled = DEFAULT_SERVERS.stream()
			.map((name) -> "--echo.tcp.servers." + name + ".enabled=false");
		Stream<String> own = names.stream()
			.flatMap((name) -> Stream.of("port=0", "framing=" + framing)
				.map((property) -> "--echo.tcp.servers.%s.%s".formatted(name, property)));
		return command(Stream.concat(disabled, own).toArray(String[]::new));
	}

	/**
	 * The jar as it is shipped, or, where it was not built, the classes.
	 */
	private static List<String> command(String... arguments) {
		Path jar = Path.of(System.getProperty("benchmark.jar", "target/socket-echo.jar"));
		List<String> command = new ArrayList<>(Files.exists(jar) ? Commands.java(List.of("-jar", jar.toString()))
				: Commands.java(SocketEchoApplication.class));
		command.add("--spring.profiles.active=free-ports");
		command.addAll(List.of(arguments));
		return command;
	}

	private static Pattern listens(String server, String transport) {
		return Pattern.compile("Server '%s' listens: %s.* port (\\d+)".formatted(server, transport));
	}

}
