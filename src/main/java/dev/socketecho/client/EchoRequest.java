package dev.socketecho.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A message that a client sends, and its reply. After it is queued, it is used on one
 * event loop only.
 */
final class EchoRequest implements Outgoing {

	private final byte[] message;

	private final CompletableFuture<EchoReply> reply = new CompletableFuture<>();

	private long sentNanos;

	EchoRequest(byte[] message) {
		this.message = message;
	}

	byte[] message() {
		return this.message;
	}

	CompletableFuture<EchoReply> reply() {
		return this.reply;
	}

	void sent(long nanoTime) {
		this.sentNanos = nanoTime;
	}

	long sentNanos() {
		return this.sentNanos;
	}

	/**
	 * Whether the caller has its answer: a reply, a failure, or its own cancellation.
	 */
	boolean isSettled() {
		return this.reply.isDone();
	}

	/**
	 * Completes the request with its reply.
	 * @return the round trip
	 */
	Duration complete(long nanoTime) {
		Duration roundTrip = Duration.ofNanos(nanoTime - this.sentNanos);
		this.reply.complete(new EchoReply(this.message, roundTrip));
		return roundTrip;
	}

	void fail(SocketError error, String text) {
		fail(error, text, null);
	}

	void fail(SocketError error, String text, @Nullable Throwable cause) {
		this.reply.completeExceptionally(new EchoException(error, text, cause));
	}

}
