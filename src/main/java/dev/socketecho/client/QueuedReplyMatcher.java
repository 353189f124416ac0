package dev.socketecho.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Replies that come in the order of their requests, many on one connection.
 */
abstract class QueuedReplyMatcher implements ReplyMatcher {

	private final Deque<EchoRequest> requests = new ArrayDeque<>();

	/**
	 * Removes and returns the oldest request; {@code null} if there is none.
	 */
	final @Nullable EchoRequest poll() {
		return this.requests.pollFirst();
	}

	@Override
	public final void sent(EchoRequest request) {
		this.requests.addLast(request);
	}

	@Override
	public final void withdrawLast() {
		this.requests.removeLast();
	}

	/**
	 * Does nothing: the end of a connection completes none of these replies.
	 */
	@Override
	public final void inputEnded(Listener listener) {
	}

	@Override
	public final @Nullable EchoRequest oldest() {
		return this.requests.peekFirst();
	}

	@Override
	public final void forEach(Consumer<EchoRequest> visitor) {
		this.requests.forEach(visitor);
	}

}
