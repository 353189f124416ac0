package dev.socketecho.transport;

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

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * One attempt to open a socket to a host: looks the host up and tries its addresses one
 * after the other, within one time limit for all of it. A failure of TLS is final: no
 * other address would make the server trusted.
 * <p>
 * Confined to an event loop.
 *
 * @param <T> what comes of it
 */
final class ConnectAttempt<T> {

	private final EventLoop eventLoop;

	private final HostResolver resolver;

	private final BiFunction<InetSocketAddress, @Nullable InetSocketAddress, CompletableFuture<T>> connector;

	private final CompletableFuture<T> result = new CompletableFuture<>();

	private final Deque<InetSocketAddress> addresses = new ArrayDeque<>();

	private @Nullable InetSocketAddress local;

	private @Nullable CompletableFuture<T> current;

	private @Nullable Throwable failure;

	/**
	 * Creates an attempt.
	 * @param connector opens a socket to an address, from a local one; completes on the
	 * event loop, and gives up if it is cancelled
	 */
	ConnectAttempt(EventLoop eventLoop, HostResolver resolver,
			BiFunction<InetSocketAddress, @Nullable InetSocketAddress, CompletableFuture<T>> connector) {
		this.eventLoop = eventLoop;
		this.resolver = resolver;
		this.connector = connector;
	}

	/**
	 * Starts.
	 * @return completes on the event loop; cancelling it ends the attempt
	 */
	CompletableFuture<T> start(String host, int port, @Nullable String localAddress, int localPort, Duration limit) {
		Future<?> timer = this.eventLoop.schedule(
				() -> this.result.completeExceptionally((this.failure != null) ? this.failure
						: new ConnectTimeoutException(
								"connection to %s port %d timed out after %s".formatted(host, port, limit))),
				limit.toNanos(), TimeUnit.NANOSECONDS);
		this.result.whenComplete((_, failed) -> {
			timer.cancel(false);
			CompletableFuture<T> pending = this.current;
			if (failed != null && pending != null) {
				pending.cancel(false);
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

	private void lookUp(String host, int port, java.util.function.Consumer<List<InetSocketAddress>> next) {
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
		this.addresses.addAll(found);
		tryNext();
	}

	private void tryNext() {
		InetSocketAddress address = this.addresses.poll();
		if (address == null) {
			this.result.completeExceptionally(
					Objects.requireNonNullElseGet(this.failure, () -> new ConnectException("no address")));
			return;
		}
		CompletableFuture<T> attempt = this.connector.apply(address, this.local);
		this.current = attempt;
		attempt.whenComplete((connected, failed) -> {
			if (this.result.isDone()) {
				return;
			}
			if (failed == null) {
				this.current = null;
				this.result.complete(connected);
				return;
			}
			this.failure = failed;
			if (failed instanceof SSLException) {
				// The host was reached, and was not who it should be.
				this.result.completeExceptionally(failed);
				return;
			}
			tryNext();
		});
	}

}
