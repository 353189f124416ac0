package dev.socketecho.client;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a client's queue: a request, or a marker that completes when the entries
 * before it have been sent.
 */
sealed interface Outgoing permits EchoRequest, Outgoing.Flush, Outgoing.Connect {

	/**
	 * The entry will not be sent: it fails, or there is nothing left to wait for.
	 */
	default void abandon(RequestTracker tracker, SocketError error, String text, @Nullable Throwable cause) {
		switch (this) {
			case Flush flush -> flush.done().complete(null);
			case Connect connect -> connect.done().completeExceptionally(new EchoException(error, text, cause));
			case EchoRequest request -> tracker.abandoned(request, error, text, cause);
		}
	}

	/**
	 * Completes when everything before it was sent.
	 *
	 * @param done the future to complete
	 */
	record Flush(CompletableFuture<Void> done) implements Outgoing {
	}

	/**
	 * Completes when there is a connection.
	 *
	 * @param done the future to complete
	 */
	record Connect(CompletableFuture<Void> done) implements Outgoing {
	}

}
