package dev.socketecho.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
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
import org.jspecify.annotations.Nullable;

/**
 * The servers that are measured.
 */
final class Peers {

	static final String FLOOR = "C, epoll: the floor";

	static final String SUBJECT = "Socket Echo";

	static final String NETTY = "plain Netty, epoll";

	static final String WEB_SOCKET_SUBJECT = SUBJECT + ", WebSocket";

	static final String WEB_SOCKET_NETTY = "plain Netty, WebSocket";

	static final String TLS_SUBJECT = SUBJECT + ", TLS";

	static final String TLS_NETTY = "plain Netty, TLS";

	static final String VERTX = "Vert.x NetServer";

	static final String GO = "Go net";

	private Peers() {
	}

	/**
	 * All of them. The first one is the yardstick; of those that speak WebSocket or TLS
	 * it is plain Netty's.
	 */
	static List<Peer> all() throws Exception {
		return List.of(floor(), subject(), netty(), vertx(), go(), stock("net"), stock("nio"), socat("PIPE"),
				socat("EXEC:/bin/cat"), ncat(), inetd("internal"), inetd("/bin/cat cat"),
				webSocketNetty(), webSocketSubject(), tlsNetty(), tlsSubject());
	}

	static Peer floor() throws IOException, InterruptedException {
		Path program = Commands.compileC("floor.c");
		return (program != null) ? Peer.printing(FLOOR, List.of(program.toString()))
				: Peer.missing(FLOOR, "no gcc on this machine");
	}

	/**
	 * The service as it is shipped, on free ports.
	 */
	static Peer subject() {
		return new Peer(SUBJECT, socketEcho(), Map.of("none", listens("stream"), "line", listens("line")), 0, null);
	}

	/**
	 * The service with a number of servers with framing {@code line}, instead of its
	 * default ones.
	 */
	static Peer subject(int servers) {
		List<String> names = IntStream.range(0, servers).mapToObj((i) -> "s" + i).toList();
		return new Peer(SUBJECT + ", servers: " + servers, socketEcho(names, "line"),
				names.stream().collect(Collectors.toMap(UnaryOperator.identity(), Peers::listens)), 0, null);
	}

	/**
	 * The service with a WebSocket server instead of its default ones.
	 */
	static Peer webSocketSubject() {
		String name = "socket";
		return new Peer(WEB_SOCKET_SUBJECT, socketEcho(List.of(name), Wire.WEB_SOCKET),
				Map.of(Wire.WEB_SOCKET, listens(name)), 0, null);
	}

	/**
	 * The service with TLS on one of its default servers.
	 */
	static Peer tlsSubject() throws Exception {
		TlsFiles files = TlsFiles.get();
		String bundle = "--spring.ssl.bundle.pem.benchmark.keystore.";
		return new Peer(TLS_SUBJECT,
				socketEcho(bundle + "certificate=" + files.certificate(), bundle + "private-key=" + files.key(),
						"--echo.tcp.servers.stream.ssl.bundle=benchmark"),
				Map.of(Wire.TLS, listens("stream")), 0, null);
	}

	/**
	 * The service with a plain UDP echo server and reflectors of STAMP.
	 * @param key of the authenticated one
	 */
	static Peer reflectors(String key) {
		List<String> settings = List.of("echo.port=0", "stateless.port=0", "stateless.mode=stamp", "stateful.port=0",
				"stateful.mode=stamp", "stateful.stamp.stateful=true", "authenticated.port=0",
				"authenticated.mode=stamp", "authenticated.stamp.hmac-key=" + key);
		return new Peer(SUBJECT, socketEcho(
				settings.stream().map((setting) -> "--echo.udp.servers." + setting).toArray(String[]::new)),
				Stream.of("echo", "stateless", "stateful", "authenticated")
					.collect(Collectors.toMap(UnaryOperator.identity(),
							(name) -> Pattern.compile("Server '" + name + "' listens: UDP.* port (\\d+)"))),
				0, null);
	}

	/**
	 * The command of the service with servers of a framing instead of its default ones.
	 */
	private static List<String> socketEcho(List<String> names, String framing) {
		Stream<String> disabled = Stream.of("stream", "line", "message", "collect")
			.map((name) -> "--echo.tcp.servers." + name + ".enabled=false");
		Stream<String> own = names.stream()
			.flatMap((name) -> Stream.of("port=0", "framing=" + framing)
				.map((property) -> "--echo.tcp.servers.%s.%s".formatted(name, property)));
		return socketEcho(Stream.concat(disabled, own).toArray(String[]::new));
	}

	private static Pattern listens(String server) {
		return Pattern.compile("Server '" + server + "' listens: TCP.* port (\\d+)");
	}

	/**
	 * The jar as it is shipped, or, where it was not built, the classes.
	 */
	private static List<String> socketEcho(String... arguments) {
		Path jar = Path.of(System.getProperty("benchmark.jar", "target/socket-echo.jar"));
		List<String> command = new ArrayList<>(Files.exists(jar) ? Commands.java(List.of("-jar", jar.toString()))
				: Commands.java(SocketEchoApplication.class));
		command.addAll(List.of("--spring.profiles.active=free-ports"));
		command.addAll(List.of(arguments));
		return command;
	}

	static Peer netty() {
		return Peer.printing(NETTY, Commands.java(NettyEchoServer.class));
	}

	static Peer webSocketNetty() {
		return Peer.printing(WEB_SOCKET_NETTY, Commands.java(NettyWebSocketServer.class), Wire.WEB_SOCKET);
	}

	static Peer tlsNetty() throws Exception {
		TlsFiles files = TlsFiles.get();
		return Peer.printing(TLS_NETTY,
				Commands.java(NettyTlsServer.class, files.certificate().toString(), files.key().toString()), Wire.TLS);
	}

	static Peer vertx() {
		return Peer.printing(VERTX, Commands.java(VertxEchoServer.class));
	}

	static Peer go() throws IOException, InterruptedException {
		Path program = Commands.compileGo("echo.go");
		return (program != null) ? Peer.printing(GO, List.of("env", "GOMAXPROCS=1", program.toString()))
				: Peer.missing(GO, "no go on this machine");
	}

	/**
	 * Spring Integration's own, {@code net} or {@code nio}.
	 */
	static Peer stock(String factory) {
		return new Peer("Spring Integration, " + factory, Commands.java(StockEchoServer.class, factory),
				Map.of("crlf", Pattern.compile("^port=(\\d+)")), 0, null);
	}

	private static Peer socat(String address) {
		return program("socat, fork, " + address, "socat",
				(path) -> new Peer("socat, fork, " + address,
						List.of(path, "-d", "-d", "TCP-LISTEN:0,fork,backlog=1024,nodelay", address),
						Map.of("none", Pattern.compile("listening on AF=\\d+ .*:(\\d+)$")), 0, null));
	}

	private static Peer ncat() throws IOException {
		int port = freePort(0);
		return program("ncat, --exec /bin/cat", "ncat",
				(path) -> new Peer(
						"ncat, --exec /bin/cat", List.of(path, "-v", "-k", "-m", "1000", "-l", "127.0.0.1",
								Integer.toString(port), "--exec", "/bin/cat"),
						Map.of("none", Pattern.compile("Listening on 127.0.0.1")), port, null));
	}

	/**
	 * inetd with its own echo, which has port 7, or with a program.
	 */
	private static Peer inetd(String service) throws IOException {
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
				(path) -> new Peer(name,
						List.of(path, "-d", "-R", "1000000", "-p" + configuration + ".pid", configuration.toString()),
						Map.of("none", Pattern.compile("^registered ")), port, null));
	}

	private static Peer program(String name, String program, java.util.function.Function<String, Peer> peer) {
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
