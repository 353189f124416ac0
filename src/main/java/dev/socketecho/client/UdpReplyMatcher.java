package dev.socketecho.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * Finds the request that a datagram answers. Datagrams come in any order, twice or not at
 * all, so a reply belongs to the oldest request with the same message. A datagram that
 * equals no message is a duplicate of an earlier reply, or else the corrupted reply to
 * the oldest request of its length. Runs on one event loop.
 */
final class UdpReplyMatcher {

	/** How many replies are remembered, to recognise duplicates. */
	private static final int REMEMBERED = 1024;

	private final Map<ByteBuf, Deque<EchoRequest>> byMessage = new HashMap<>();

	private final SequencedSet<EchoRequest> bySending = new LinkedHashSet<>();

	private final int[] answered = new int[REMEMBERED];

	private long answers;

	UdpReplyMatcher() {
		this(0);
	}

	/**
	 * Creates an instance as it is after many replies.
	 * @param answers how many; tests start with many
	 */
	UdpReplyMatcher(long answers) {
		this.answers = answers;
	}

	void sent(EchoRequest request) {
		this.byMessage.computeIfAbsent(key(request), (_) -> new ArrayDeque<>(2)).addLast(request);
		this.bySending.add(request);
	}

	/**
	 * Finds the request that a datagram answers.
	 * @return the request, which is no longer expected; {@code null} if there is none
	 */
	@Nullable EchoRequest answered(ByteBuf content) {
		Deque<EchoRequest> same = this.byMessage.get(content);
		EchoRequest request = (same != null) ? same.peekFirst() : null;
		if (request != null) {
			remove(request);
			this.answered[(int) (this.answers++ % REMEMBERED)] = content.hashCode();
		}
		return request;
	}

	/**
	 * Whether a datagram that answers no request equals one of the last replies.
	 */
	boolean isDuplicate(ByteBuf content) {
		int hash = content.hashCode();
		for (int i = 0; i < Math.min(this.answers, REMEMBERED); i++) {
			if (this.answered[i] == hash) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Finds the request that a datagram would answer if it were not corrupted.
	 * @return the request, which is no longer expected; {@code null} if there is none
	 */
	@Nullable EchoRequest corrupted(ByteBuf content) {
		EchoRequest candidate = this.bySending.stream()
			.filter((request) -> !request.isSettled() && request.message().length == content.readableBytes())
			.findFirst()
			.orElse((this.bySending.size() == 1) ? this.bySending.getFirst() : null);
		if (candidate != null) {
			remove(candidate);
		}
		return candidate;
	}

	void remove(EchoRequest request) {
		this.bySending.remove(request);
		ByteBuf key = key(request);
		Deque<EchoRequest> same = this.byMessage.get(key);
		if (same != null && same.remove(request) && same.isEmpty()) {
			this.byMessage.remove(key);
		}
	}

	@Nullable EchoRequest oldest() {
		return this.bySending.isEmpty() ? null : this.bySending.getFirst();
	}

	/**
	 * The requests without a reply, the oldest first.
	 */
	List<EchoRequest> snapshot() {
		return List.copyOf(this.bySending);
	}

	/**
	 * Fails and forgets all requests.
	 */
	void failAll(RequestTracker tracker, SocketError error, String text, @Nullable Throwable cause) {
		List<EchoRequest> all = snapshot();
		this.bySending.clear();
		this.byMessage.clear();
		all.forEach((request) -> tracker.abandoned(request, error, text, cause));
	}

	private static ByteBuf key(EchoRequest request) {
		return Unpooled.wrappedBuffer(request.message());
	}

}
