package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The servers that are measured.
 */
final class Peers {

	private static final String PLAIN = "none";

	private static final String FLOOR = "C, epoll: the floor";

	private static final String UDP_FLOOR = "C, recvmmsg: the floor";

	private static final String NETTY = "plain Netty";

	private static final String GO = "Go net";

	private Peers() {
	}

	/**
	 * All of them. The first one is the yardstick; of those that speak WebSocket or TLS
	 * it is plain Netty's, and of those with datagrams the second C program.
	 */
	static List<Peer> all() throws Exception {
		return List.of(floor(), Subject.plain(), netty(), vertx(), go(), stock("net"), stock("nio"),
				InstalledPrograms.socat("PIPE"), InstalledPrograms.socat("EXEC:/bin/cat"), InstalledPrograms.ncat(),
				InstalledPrograms.inetd("internal"), InstalledPrograms.inetd("/bin/cat cat"), webSocketNetty(),
				Subject.webSocket(), tlsNetty(), udpFloor(), udpNetty(), Subject.tlsAndDatagrams());
	}

	static Peer floor() throws IOException, InterruptedException {
		return c(FLOOR, "floor.c", PLAIN).withMany();
	}

	private static Peer udpFloor() throws IOException, InterruptedException {
		return c(UDP_FLOOR, "udpfloor.c", Datagrams.ECHO);
	}

	private static Peer c(String name, String source, String framing) throws IOException, InterruptedException {
		Path program = Commands.compileC(source);
		return (program != null) ? Peer.printing(name, List.of(program.toString()), framing)
				: Peer.missing(name + Protocol.of(framing).suffix(), "no gcc on this machine");
	}

	static Peer netty() {
		return Peer.printing(NETTY + ", epoll", Commands.java(NettyEchoServer.class), PLAIN).withMany();
	}

	static Peer webSocketNetty() {
		return Peer.printing(NETTY, Commands.java(NettyWebSocketServer.class), Wire.WEB_SOCKET);
	}

	private static Peer tlsNetty() throws Exception {
		TlsFiles files = TlsFiles.get();
		return Peer.printing(NETTY,
				Commands.java(NettyTlsServer.class, files.certificate().toString(), files.key().toString()), Wire.TLS);
	}

	private static Peer udpNetty() {
		return Peer.printing(NETTY, Commands.java(NettyDatagramServer.class), Datagrams.ECHO);
	}

	static Peer vertx() {
		return Peer.printing("Vert.x NetServer", Commands.java(VertxEchoServer.class), PLAIN);
	}

	static Peer go() throws IOException, InterruptedException {
		Path program = Commands.compileGo("echo.go");
		return (program != null) ? Peer.printing(GO, List.of("env", "GOMAXPROCS=1", program.toString()), PLAIN)
				: Peer.missing(GO, "no go on this machine");
	}

	/**
	 * Spring Integration's own, {@code net} or {@code nio}.
	 */
	static Peer stock(String factory) {
		return Peer.printing("Spring Integration, " + factory, Commands.java(StockEchoServer.class, factory), "crlf");
	}

}
