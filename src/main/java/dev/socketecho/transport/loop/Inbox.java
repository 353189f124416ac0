package dev.socketecho.transport.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * What any thread hands to an event loop. What several calls add before the event loop
 * gets to it, it finds together.
 *
 * @param <T> the type of what is handed over
 */
public final class Inbox<T> {

	private final EventLoop eventLoop;

	private final Runnable taker;

	private final Queue<T> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/**
	 * Creates an inbox.
	 * @param taker empties it, on the event loop
	 */
	public Inbox(EventLoop eventLoop, Runnable taker) {
		this.eventLoop = eventLoop;
		this.taker = taker;
	}

	/**
	 * Adds something. Any thread.
	 */
	public void add(T item) {
		this.queue.add(item);
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
	public @Nullable T poll() {
		return this.queue.poll();
	}

	public boolean isEmpty() {
		return this.queue.isEmpty();
	}

}
