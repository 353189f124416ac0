package dev.socketecho.transport.udp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link UdpServerSocket} ends. At shutdown, {@link #drain} answers the datagrams
 * that are in the socket, and then closes it. When a server is stopped, {@link #close}
 * closes the socket at once. Confined to the socket's event loop, except for these two
 * methods, which any thread may call.
 */
final class UdpSocketEnd {

	/** The longest drain: datagrams may keep arriving, or answers may find no room. */
	private static final long LONGEST_DRAIN_MILLIS = 500;

	private final UdpServerSocket socket;

	private final UdpInput input;

	private final IoEventLoop eventLoop;

	private @Nullable CompletableFuture<Void> drained;

	private boolean receivedAll;

	UdpSocketEnd(UdpServerSocket socket, UdpInput input, IoEventLoop eventLoop) {
		this.socket = socket;
		this.input = input;
		this.eventLoop = eventLoop;
	}

	/**
	 * Answers datagrams until the socket is empty, 500 ms at most, then closes it.
	 * Datagrams that arrive meanwhile are answered, too. Answers that still wait for room
	 * in the socket are dropped then. But while faults hold datagrams, the socket stays
	 * open and only receives nothing: the faults pass them on when they are due.
	 * @return completes when it is closed
	 */
	CompletableFuture<Void> drain() {
		return execute((done) -> {
			this.drained = done;
			this.eventLoop.schedule(this::endReceiving, LONGEST_DRAIN_MILLIS, TimeUnit.MILLISECONDS);
			drainOn();
		});
	}

	/**
	 * Closes the socket at once.
	 * @return completes when it is closed and its port is free: the JDK frees the port
	 * only when the selector has looked again
	 */
	CompletableFuture<Void> close() {
		return execute((done) -> {
			this.socket.closeNow();
			this.eventLoop.schedule(() -> done.complete(null), 1, TimeUnit.MILLISECONDS);
		});
	}

	private CompletableFuture<Void> execute(Consumer<CompletableFuture<Void>> end) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		try {
			this.eventLoop.execute(() -> end.accept(done));
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended, so no other thread uses the socket.
			this.socket.closeNow();
			done.complete(null);
		}
		return done;
	}

	/**
	 * Called when the socket has room again: continues a drain that waited for it.
	 */
	void writable() {
		if (this.drained != null) {
			drainOn();
		}
	}

	/**
	 * Called when the socket is closed.
	 */
	void closed() {
		if (this.drained != null) {
			this.drained.complete(null);
		}
	}

	/**
	 * Called when faults have passed on datagrams: those may have been the last ones that
	 * a drain waits for.
	 */
	void faultsHavePassed() {
		if (this.receivedAll) {
			drainOn();
		}
	}

	/**
	 * Returns whether a drain has received everything that it will answer.
	 */
	boolean hasReceivedAll() {
		return this.receivedAll;
	}

	private void endReceiving() {
		if (this.socket.isHolding()) {
			stopReceiving();
		}
		else {
			this.socket.closeNow();
		}
	}

	private void stopReceiving() {
		this.receivedAll = true;
		this.socket.watch();
	}

	/**
	 * Receives and answers a few bursts, and schedules the next turn. It does not use
	 * {@code execute} for that: the event loop runs executed tasks before it polls, so
	 * the other sockets would have to wait for the end of the drain.
	 */
	private void drainOn() {
		boolean more = !this.receivedAll && (this.input.receiveBursts() || this.input.isPaused());
		if (this.socket.isClosed() || this.socket.isBlocked()) {
			return; // Goes on in writable().
		}
		if (more) {
			this.eventLoop.schedule(this::drainOn, this.input.isPaused() ? UdpInput.PAUSE_NANOS : 1,
					TimeUnit.NANOSECONDS);
		}
		else if (this.socket.isHolding()) {
			stopReceiving(); // Goes on in faultsHavePassed().
		}
		else {
			this.socket.closeNow();
		}
	}

}
