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

	private final DueMessages messages;

	private final int outstanding;

	private final Backoff backoff = new Backoff();

	private @Nullable CompletableFuture<C> attempt;

	private @Nullable Future<?> nextAttempt;

	private boolean closed;

	/**
	 * Creates a connection, which is not open.
	 * @param loop the event loop's part of the run
	 * @param options what it does
	 */
	LoadConnection(LoadLoop loop, Options options) {
		this.loop = loop;
		this.messages = new DueMessages(loop, options.backlog(), options.timeoutNanos());
		this.outstanding = options.outstanding();
	}

	final LoadLoop loop() {
		return this.loop;
	}

	final DueMessages messages() {
		return this.messages;
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
				SocketError why = EchoException.errorOf(failure);
				this.messages.failed(why);
				this.loop.error(why);
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
		boolean needed = this.messages.open() > 0 || this.loop.plan().isSent(this.loop.now());
		if (needed && !this.closed && this.nextAttempt == null) {
			this.nextAttempt = this.loop.eventLoop().schedule(() -> open(() -> {
			}), this.backoff.delay().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * A message of the schedule is due. {@link #advance} sends it.
	 * @param time when it is due
	 */
	final void due(long time) {
		if (room() > 0 || isPatient()) {
			this.messages.add(time);
		}
		else {
			this.messages.addLost(time);
		}
	}

	/**
	 * Sends what is due. Without a schedule, that is one message for each that is missing
	 * under way.
	 */
	final void advance(long now) {
		if (!this.loop.plan().isOpenLoop() && this.loop.isSending(now) && room() > 0) {
			while (underWay() < this.outstanding && !this.messages.isFull()) {
				this.messages.add(now);
			}
		}
		int count = (int) Math.min(room(), this.messages.waiting());
		if (count <= 0) {
			return;
		}
		long first = this.messages.handOver(count, now);
		try {
			transmit(first, count);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// Thrown by a task of the event loop, it would end the schedule.
			this.messages.broken(SocketError.of(ex));
			fail();
		}
	}

	/**
	 * Gives up messages whose replies are late.
	 */
	final void expire(long now) {
		if (this.messages.expire(now)) {
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
		this.messages.abandon();
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
