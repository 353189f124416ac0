package dev.socketecho.client;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;

/**
 * What came of requests, for tests of clients; waits for it.
 */
public final class Outcomes {

	private static final int SECONDS = 40;

	private Outcomes() {
	}

	static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(SECONDS, TimeUnit.SECONDS);
	}

	static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	static String text(CompletableFuture<EchoReply> reply) throws Exception {
		return new String(get(reply).message(), StandardCharsets.UTF_8);
	}

	static SocketError error(CompletableFuture<EchoReply> reply) throws Exception {
		try {
			get(reply);
			throw new AssertionError("no error");
		}
		catch (ExecutionException ex) {
			return EchoException.errorOf(ex.getCause());
		}
	}

}
