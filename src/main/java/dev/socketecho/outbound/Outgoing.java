package dev.socketecho.outbound;

import java.util.concurrent.CompletableFuture;

/**
 * What waits for its turn on the way out.
 */
sealed interface Outgoing permits EchoRequest, Outgoing.Flush, Outgoing.Connect {

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
