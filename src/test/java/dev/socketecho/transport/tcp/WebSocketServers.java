package dev.socketecho.transport.tcp;

import java.util.function.Consumer;

import dev.socketecho.codec.Framing;

/**
 * Servers with {@code framing: websocket}, for the tests of them.
 */
final class WebSocketServers {

	/** The longest message, in bytes. */
	static final int MAX = 10_000;

	private WebSocketServers() {
	}

	static TestServer start() {
		return start((_) -> {
		});
	}

	static TestServer start(Consumer<TestServer.Spec> changes) {
		return TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.maxMessageSize = MAX;
			changes.accept(spec);
		});
	}

}
