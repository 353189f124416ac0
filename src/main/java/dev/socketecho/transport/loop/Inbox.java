package dev.socketecho.transport.loop;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * A queue from any thread to an event loop. Clients use it for messages to send. The
 * event loop is woken once for all items that are added before it runs.
 *
 * @param <T> the type of the items
 */
public final class Inbox<T> {

	private final EventLoop eventLoop;

	private final Runnable taker;

	private final Queue<T> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	/**
	 * Creates an inbox.
	 * @param eventLoop the event loop that takes the items
	 * @param taker called on the event loop; takes all items by {@link #poll}
	 */
	public Inbox(EventLoop eventLoop, Runnable taker) {
		this.eventLoop = eventLoop;
		this.taker = taker;
	}

	/**
	 * Adds an item. Any thread.
	 * @param item the item
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
	 * Takes the first item.
	 * @return the item, {@code null} if there is none
	 */
	public @Nullable T poll() {
		return this.queue.poll();
	}

	/**
	 * Returns whether there is no item.
	 * @return whether it is empty
	 */
	public boolean isEmpty() {
		return this.queue.isEmpty();
	}

}
