package dev.socketecho.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a {@link UdpEchoClient} that wait for their replies. {@link UdpSender}
 * calls it for each request that it sends and each datagram that it receives. All methods
 * run on one event loop.
 */
final class UdpExchange {

	/** For this many reply timeouts a late reply is recognised. */
	private static final int REMEMBERED_TIMEOUTS = 3;

	private final EventLoop eventLoop;

	private final long timeoutNanos;

	private final RequestTracker tracker;

	private final Runnable whenSilent;

	private final UdpReplyMatcher matcher = new UdpReplyMatcher();

	private @Nullable Future<?> timer;

	private long lastReceivedNanos;

	/**
	 * Creates an exchange.
	 * @param whenSilent called when no datagram was received for long, and requests wait
	 */
	UdpExchange(EventLoop eventLoop, Duration timeout, RequestTracker tracker, Runnable whenSilent) {
		this.eventLoop = eventLoop;
		this.timeoutNanos = timeout.toNanos();
		this.tracker = tracker;
		this.whenSilent = whenSilent;
	}

	/**
	 * A new socket is open.
	 */
	void opened() {
		this.lastReceivedNanos = System.nanoTime();
	}

	/**
	 * A request is about to be given to the socket.
	 */
	void expect(EchoRequest request) {
		request.sent(System.nanoTime());
		this.matcher.sent(request);
	}

	/**
	 * The socket has taken a request.
	 */
	void sent(EchoRequest request) {
		this.tracker.sent(request);
		if (this.timer == null) {
			schedule(this.timeoutNanos);
		}
	}

	/**
	 * The socket has refused a request.
	 */
	void notSent(EchoRequest request, SocketError error, Throwable cause) {
		this.matcher.remove(request);
		this.tracker.failed(request, error, "datagram was not sent: " + cause.getMessage(), cause);
	}

	/**
	 * Matches a datagram with its request.
	 * @param content the payload; not released here
	 */
	void received(ByteBuf content) {
		long now = System.nanoTime();
		this.lastReceivedNanos = now;
		EchoRequest request = this.matcher.answered(content);
		if (request != null) {
			this.tracker.echoed(request, now);
		}
		else if (!this.matcher.isDuplicate(content)) {
			EchoRequest victim = this.matcher.corrupted(content);
			if (victim != null) {
				this.tracker.failed(victim, SocketError.CORRUPTED_REPLY, "reply is not what was sent", null);
			}
			else {
				this.tracker.error(SocketError.CORRUPTED_REPLY);
			}
		}
	}

	/**
	 * An ICMP error says that the server cannot be reached: the requests that wait fail.
	 */
	void broken(Throwable cause) {
		SocketError error = SocketError.of(cause);
		this.tracker.error(error);
		this.matcher.failAll(this.tracker, error, "server cannot be reached: " + cause.getMessage(), cause);
	}

	/**
	 * The client was closed: the requests that wait fail.
	 */
	void abort() {
		Future<?> pending = this.timer;
		if (pending != null) {
			pending.cancel(false);
		}
		this.matcher.failAll(this.tracker, SocketError.OPERATION_ABORTED, "client is closed", null);
	}

	private void schedule(long delayNanos) {
		this.timer = this.eventLoop.schedule(this::expire, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
	}

	private void expire() {
		this.timer = null;
		long now = System.nanoTime();
		long next = this.timeoutNanos;
		for (EchoRequest request : this.matcher.snapshot()) {
			long age = now - request.sentNanos();
			if (age >= REMEMBERED_TIMEOUTS * this.timeoutNanos) {
				this.matcher.remove(request);
				this.tracker.release(request);
			}
			else if (age >= this.timeoutNanos) {
				this.tracker.timedOut(request);
			}
			else {
				next = this.timeoutNanos - age;
				break;
			}
		}
		if (now - this.lastReceivedNanos >= REMEMBERED_TIMEOUTS * this.timeoutNanos) {
			this.whenSilent.run();
		}
		if (this.matcher.oldest() != null) {
			schedule(next);
		}
	}

}
