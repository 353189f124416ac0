package dev.socketecho.transport.loop;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * One attempt to open a socket to a host. It looks the host up and tries its addresses,
 * with one time limit for everything. The TCP and UDP clients use it each time they
 * connect.
 * <p>
 * It tries the next address when one has failed, or has not answered for a while (RFC
 * 8305, 5): 250 ms, or an equal share of the time limit if that is less. The earlier
 * attempts go on meanwhile. The first socket that is open wins, and the other attempts
 * are cancelled. A TLS error is final: the server would not be trusted at another address
 * either.
 * <p>
 * Confined to an event loop, except for the result, which any thread may complete.
 *
 * @param <T> the type of the sockets
 */
public final class ConnectAttempt<T> {

	/** RFC 8305, 8: the recommended delay. */
	private static final Duration LONGEST_DELAY = Duration.ofMillis(250);

	/** RFC 8305, 5: the least delay. */
	private static final Duration SHORTEST_DELAY = Duration.ofMillis(10);

	/** The most sockets at a time. A name server may return any number of addresses. */
	static final int MOST_UNDER_WAY = 8;

	private final EventLoop eventLoop;

	private final HostResolver resolver;

	private final BiFunction<InetSocketAddress, @Nullable InetSocketAddress, CompletableFuture<T>> connector;

	private final Consumer<T> discard;

	private final CompletableFuture<T> result = new CompletableFuture<>();

	private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();

	private final Deque<CompletableFuture<T>> underWay = new ArrayDeque<>();

	private long deadlineNanos;

	private long delayNanos;

	private @Nullable InetSocketAddress local;

	private @Nullable Future<?> delay;

	private @Nullable Throwable failure;

	/**
	 * Creates an attempt.
	 * @param eventLoop the event loop that it is confined to
	 * @param resolver looks host names up
	 * @param connector opens a socket to a remote address, from a local address or
	 * {@code null}; its result completes on the event loop and can be cancelled
	 * @param discard closes a socket that is not needed any more
	 */
	public ConnectAttempt(EventLoop eventLoop, HostResolver resolver,
			BiFunction<InetSocketAddress, @Nullable InetSocketAddress, CompletableFuture<T>> connector,
			Consumer<T> discard) {
		this.eventLoop = eventLoop;
		this.resolver = resolver;
		this.connector = connector;
		this.discard = discard;
	}

	/**
	 * Starts the attempt. Any thread.
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param localAddress an IP literal or a host name to connect from, {@code null} to
	 * let the kernel choose
	 * @param localPort 0 to 65535; 0 for a free one
	 * @param limit how long all of it may take
	 * @return completes on the event loop, exceptionally if no socket could be opened;
	 * any thread may complete or cancel it, which ends the attempt
	 */
	public CompletableFuture<T> start(String host, int port, @Nullable String localAddress, int localPort,
			Duration limit) {
		this.deadlineNanos = System.nanoTime() + limit.toNanos();
		Future<?> timer = this.eventLoop.schedule(() -> timedOut(host, port, limit), limit.toNanos(),
				TimeUnit.NANOSECONDS);
		this.result.whenComplete((_, _) -> {
			timer.cancel(false);
			if (this.eventLoop.inEventLoop()) {
				giveUpOthers();
			}
			else {
				this.eventLoop.execute(this::giveUpOthers);
			}
		});
		this.eventLoop.execute(() -> {
			if (localAddress != null) {
				lookUp(localAddress, localPort, (found) -> {
					this.local = found.getFirst();
					lookUp(host, port, this::tryAll);
				});
			}
			else {
				this.local = (localPort != 0) ? new InetSocketAddress(localPort) : null;
				lookUp(host, port, this::tryAll);
			}
		});
		return this.result;
	}

	private void timedOut(String host, int port, Duration limit) {
		ConnectTimeoutException timeout = new ConnectTimeoutException(
				"connection to %s port %d timed out after %s".formatted(host, port, limit));
		if (this.failure != null) {
			timeout.addSuppressed(this.failure);
		}
		this.result.completeExceptionally(timeout);
	}

	private void lookUp(String host, int port, Consumer<List<InetSocketAddress>> next) {
		this.resolver.resolve(host, port, this.eventLoop).addListener((Future<List<InetSocketAddress>> lookup) -> {
			if (!lookup.isSuccess()) {
				this.result.completeExceptionally(lookup.cause());
			}
			else if (!this.result.isDone()) {
				next.accept(lookup.getNow());
			}
		});
	}

	private void tryAll(List<InetSocketAddress> found) {
		this.addresses.addAll(HostResolver.familiesByTurns(found));
		long share = (this.deadlineNanos - System.nanoTime()) / Math.max(1, found.size());
		this.delayNanos = Math.clamp(share, SHORTEST_DELAY.toNanos(), LONGEST_DELAY.toNanos());
		tryNext();
	}

	private void tryNext() {
		stopWaiting();
		InetSocketAddress address = this.addresses.poll();
		if (address == null) {
			if (this.underWay.isEmpty()) {
				this.result.completeExceptionally(
						Objects.requireNonNullElseGet(this.failure, () -> new ConnectException("no address")));
			}
			return;
		}
		if (this.underWay.size() == MOST_UNDER_WAY) {
			this.underWay.removeFirst().cancel(false);
		}
		if (!this.addresses.isEmpty()) {
			this.delay = this.eventLoop.schedule(this::tryNext, this.delayNanos, TimeUnit.NANOSECONDS);
		}
		CompletableFuture<T> attempt = open(address);
		this.underWay.addLast(attempt);
		attempt.whenComplete((opened, failed) -> ended(attempt, opened, failed));
	}

	private CompletableFuture<T> open(InetSocketAddress address) {
		try {
			return this.connector.apply(address, this.local);
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void ended(CompletableFuture<T> attempt, @Nullable T opened, @Nullable Throwable failed) {
		boolean expected = this.underWay.remove(attempt);
		if (opened != null) {
			if (!this.result.complete(opened)) {
				this.discard.accept(opened);
			}
			return;
		}
		if (!expected || failed == null || this.result.isDone()) {
			return;
		}
		this.failure = failed;
		if (failed instanceof SSLException) {
			// The host was reached, and it was not the right one.
			this.result.completeExceptionally(failed);
			return;
		}
		tryNext();
	}

	private void giveUpOthers() {
		stopWaiting();
		this.addresses.clear();
		for (CompletableFuture<T> attempt = this.underWay.poll(); attempt != null; attempt = this.underWay.poll()) {
			attempt.cancel(false);
		}
	}

	private void stopWaiting() {
		Future<?> pending = this.delay;
		if (pending != null) {
			this.delay = null;
			pending.cancel(false);
		}
	}

}
