package dev.socketecho.benchmark;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetServerOptions;

/**
 * Vert.x on its native transport, with one event loop as there is one processor. Its
 * default backlog and TCP_NODELAY are the ones that the others are given.
 */
final class VertxEchoServer {

	private VertxEchoServer() {
	}

	/**
	 * Serves on a free port and prints it.
	 * @param args none
	 */
	public static void main(String[] args) {
		Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)
			.setEventLoopPoolSize(Runtime.getRuntime().availableProcessors()));
		if (!vertx.isNativeTransportEnabled()) {
			System.out.println("No native transport: " + vertx.unavailableNativeTransportCause());
		}
		vertx.createNetServer(new NetServerOptions().setPort(0).setAcceptBacklog(1024).setTcpNoDelay(true))
			.connectHandler((socket) -> socket.handler(socket::write))
			.listen()
			.onSuccess((server) -> System.out.println("port=" + server.actualPort()))
			.onFailure((cause) -> System.out.println("failed: " + cause));
	}

}
