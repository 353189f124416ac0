package dev.socketecho.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * ReplyMatcher that come in the order of their requests, any number of them on a
 * connection.
 */
abstract class QueuedReplyMatcher implements ReplyMatcher {

	private final Deque<EchoRequest> requests = new ArrayDeque<>();

	/**
	 * Takes the oldest request, which is no longer expected; {@code null} if there is
	 * none.
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
	 * Does nothing: no reply is complete only then.
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
