package dev.socketecho.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import dev.socketecho.client.EchoException;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a run: it sends messages and compares the replies, and opens again
 * when it has ended. {@link LoadLoop} calls it, and the subclass for its transport tells
 * it of replies. Each message that is due is settled once: as received, corrupted or
 * lost.
 * <p>
 * Confined to its event loop.
 *
 * @param <C> the type of an open socket
 */
abstract class LoadConnection<C> {

	private final LoadLoop loop;

	private final Window window;

	private final int outstanding;

	private final long timeoutNanos;

	private final Backoff backoff = new Backoff();

	/** The number of the next message that is handed to the socket. */
	private long next;

	private @Nullable CompletableFuture<C> attempt;

	private @Nullable Future<?> nextAttempt;

	private SocketError lastError = SocketError.OPERATION_ABORTED;

	private boolean closed;

	/**
	 * Creates a connection, which is not open.
	 * @param loop the event loop's part of the run
	 * @param options what it does
	 */
	LoadConnection(LoadLoop loop, Options options) {
		this.loop = loop;
		this.window = new Window(options.backlog());
		this.outstanding = options.outstanding();
		this.timeoutNanos = options.timeoutNanos();
	}

	final LoadLoop loop() {
		return this.loop;
	}

	final Window window() {
		return this.window;
	}

	/**
	 * The number of the next message that is handed to the socket.
	 */
	final long next() {
		return Math.max(this.next, this.window.head());
	}

	/**
	 * Connects.
	 * @return completes on the event loop
	 */
	abstract CompletableFuture<C> connect();

	/**
	 * A socket is open.
	 */
	abstract void opened(C socket);

	/**
	 * How many of the messages that wait the socket takes now; 0 if it is not open.
	 */
	abstract int room();

	/**
	 * Whether messages wait for the next connection while none is open.
	 */
	abstract boolean isPatient();

	/**
	 * Hands messages to the socket.
	 * @param first the number of the first
	 * @param count how many, at least 1
	 */
	abstract void transmit(long first, int count);

	/**
	 * How many messages are under way, or wait to be sent.
	 */
	abstract long underWay();

	/**
	 * Some messages have got no reply in time.
	 */
	abstract void silent(long now);

	/**
	 * Messages could not be handed to the socket, because there was no memory for
	 * example.
	 */
	abstract void fail();

	/**
	 * Closes the socket, if it is open.
	 */
	abstract void disconnect();

	/**
	 * Connects, and goes on trying.
	 * @param tried called after the first attempt, unless the connection is closed
	 */
	final void open(Runnable tried) {
		if (this.closed) {
			return;
		}
		this.nextAttempt = null;
		long begun = System.nanoTime();
		CompletableFuture<C> pending = connect();
		this.attempt = pending;
		pending.whenComplete((socket, failure) -> {
			this.attempt = null;
			if (failure == null) {
				opened(socket);
			}
			if (this.closed) {
				disconnect();
				return;
			}
			if (failure != null) {
				this.lastError = EchoException.errorOf(failure);
				this.loop.figures().error(this.lastError);
				ended(true);
			}
			else {
				this.loop.figures().connected(System.nanoTime() - begun);
				advance(this.loop.now());
			}
			tried.run();
		});
	}

	/**
	 * The connection has ended, or could not be made: makes another one.
	 * @param failed whether that was too early
	 */
	final void ended(boolean failed) {
		if (failed) {
			this.backoff.failed();
		}
		else {
			this.backoff.reset();
		}
		if (!this.closed && this.nextAttempt == null) {
			this.nextAttempt = this.loop.eventLoop().schedule(() -> open(() -> {
			}), this.backoff.delay().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * A message of the schedule is due. {@link #advance} sends it.
	 * @param time when it is due
	 */
	final void due(long time) {
		if (room() == 0 && !isPatient()) {
			lost(time, this.lastError);
		}
		else if (this.window.isFull()) {
			lost(time, SocketError.OPERATION_ABORTED);
		}
		else {
			this.window.add(time);
		}
	}

	/**
	 * Sends what is due. Without a schedule, that is one message for each that is missing
	 * under way.
	 */
	final void advance(long now) {
		if (!this.loop.plan().isOpenLoop() && this.loop.isSending(now) && room() > 0) {
			while (underWay() < this.outstanding && !this.window.isFull()) {
				this.window.add(now);
			}
		}
		long first = next();
		int count = (int) Math.min(room(), this.window.tail() - first);
		if (count <= 0) {
			return;
		}
		this.next = first + count;
		for (long sequence = first; sequence < this.next; sequence++) {
			handedOver(this.window.time(sequence), now);
		}
		try {
			transmit(first, count);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// Thrown by a task of the event loop, it would end the schedule.
			broken(SocketError.of(ex));
			fail();
		}
	}

	private void handedOver(long time, long now) {
		if (this.loop.plan().isMeasured(time)) {
			this.loop.figures().sent();
			if (this.loop.plan().isOpenLoop()) {
				this.loop.figures().late(now - time);
			}
		}
	}

	/**
	 * A reply equals its message.
	 * @param sequence the number of a message that is not settled
	 */
	final void received(long sequence, long now) {
		long time = this.window.settle(sequence);
		if (this.loop.plan().isMeasured(time)) {
			this.loop.figures().received(now - time);
		}
	}

	/**
	 * A reply differs from its message.
	 * @param sequence the number of a message that is not settled
	 */
	final void corrupted(long sequence) {
		if (this.loop.plan().isMeasured(this.window.settle(sequence))) {
			this.loop.figures().corrupted();
		}
	}

	/**
	 * The socket has refused a message.
	 * @param sequence the number of a message that is not settled
	 */
	final void refused(long sequence, SocketError why) {
		lost(this.window.settle(sequence), why);
	}

	private void lost(long time, SocketError why) {
		if (this.loop.plan().isMeasured(time)) {
			this.loop.figures().lost(why);
		}
	}

	/**
	 * The socket has failed: the messages that were handed to it are lost.
	 */
	final void broken(SocketError why) {
		this.lastError = why;
		while (this.window.head() < this.next) {
			lost(this.window.settle(this.window.head()), why);
		}
	}

	/**
	 * Gives up messages whose replies are late.
	 */
	final void expire(long now) {
		boolean late = false;
		while (this.window.open() > 0 && now - this.window.time(this.window.head()) >= this.timeoutNanos) {
			boolean sent = this.window.head() < this.next;
			lost(this.window.settle(this.window.head()), sent ? SocketError.REPLY_TIMED_OUT : this.lastError);
			late |= sent;
		}
		if (late) {
			silent(now);
		}
	}

	/**
	 * Closes the connection for good. What has got no reply is lost.
	 */
	final void close() {
		this.closed = true;
		if (this.nextAttempt != null) {
			this.nextAttempt.cancel(false);
		}
		if (this.attempt != null) {
			this.attempt.cancel(false);
		}
		while (this.window.open() > 0) {
			lost(this.window.settle(this.window.head()), SocketError.OPERATION_ABORTED);
		}
		disconnect();
	}

	/**
	 * What a connection does.
	 *
	 * @param number its number, from 0
	 * @param outstanding how many messages it keeps under way, if there is no schedule
	 * @param backlog how many messages may be without a reply
	 * @param timeoutNanos how long a reply may take, in ns
	 */
	record Options(int number, int outstanding, int backlog, long timeoutNanos) {
	}

}
