package dev.socketecho.outbound;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What any thread hands to an event loop to be sent. What several calls add before the
 * event loop gets to it, it finds together.
 */
final class Inbox {

	private final EventLoop eventLoop;

	private final Runnable taker;

	private final Queue<Outgoing> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/**
	 * Creates an inbox.
	 * @param taker empties it, on the event loop
	 */
	Inbox(EventLoop eventLoop, Runnable taker) {
		this.eventLoop = eventLoop;
		this.taker = taker;
	}

	/**
	 * Adds something. Any thread.
	 */
	void add(Outgoing outgoing) {
		this.queue.add(outgoing);
		if (this.scheduled.compareAndSet(false, true)) {
			this.eventLoop.execute(this::wake);
		}
	}

	private void wake() {
		this.scheduled.set(false);
		this.taker.run();
	}

	/**
	 * Takes what was added first, {@code null} if nothing is left.
	 */
	@Nullable Outgoing poll() {
		return this.queue.poll();
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

}
