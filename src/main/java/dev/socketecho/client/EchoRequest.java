package dev.socketecho.client;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A message and the reply that is due. Confined to an event loop once it is queued.
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
	 * Whether nobody waits for the reply any longer: it came, is too late, or the caller
	 * has cancelled.
	 */
	boolean isSettled() {
		return this.reply.isDone();
	}

	/**
	 * Completes with the reply, which equals the message.
	 * @return the time that it took
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
