package dev.socketecho.client;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * What waits for its turn on the way out.
 */
sealed interface Outgoing permits EchoRequest, Outgoing.Flush, Outgoing.Connect {

	/**
	 * Ends the wait: its turn will not come.
	 */
	default void abandon(RequestTracker tracker, SocketError error, String text, @Nullable Throwable cause) {
		switch (this) {
			case Flush flush -> flush.done().complete(null);
			case Connect connect -> connect.done().completeExceptionally(new EchoException(error, text, cause));
			case EchoRequest request -> tracker.abandoned(request, error, text, cause);
		}
	}

	/**
	 * Completes when everything before it has left.
	 *
	 * @param done what to complete
	 */
	record Flush(CompletableFuture<Void> done) implements Outgoing {
	}

	/**
	 * Completes when there is a connection.
	 *
	 * @param done what to complete
	 */
	record Connect(CompletableFuture<Void> done) implements Outgoing {
	}

}
