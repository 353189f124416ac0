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

	/** How often a drain looks whether faults still hold datagrams. */
	private static final long LOOK_MILLIS = 10;

	private @Nullable CompletableFuture<Void> drained;

	/** Whether nothing more is received. */
	private boolean received;

	UdpSocketEnd(UdpServerSocket socket, UdpInput input, IoEventLoop eventLoop) {
		this.socket = socket;
		this.input = input;
		this.eventLoop = eventLoop;
	}

	/**
	 * Answers datagrams until the socket is empty, 500 ms at most, then closes it.
	 * Datagrams that arrive meanwhile are answered, too. Answers that still wait for room
	 * in the socket are dropped then.
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

	private void endReceiving() {
		this.received = true;
		if (!this.socket.isHolding()) {
			this.socket.closeNow();
		}
	}

	/**
	 * Receives and answers a few bursts, and schedules the next turn. It does not use
	 * {@code execute} for that: the event loop runs executed tasks before it polls, so
	 * the other sockets would have to wait for the end of the drain. Datagrams that a
	 * fault delays are answered before the end, too, however long that takes.
	 */
	private void drainOn() {
		boolean more = !this.received && (this.input.receiveBursts() || this.input.isPaused());
		if (this.socket.isClosed() || this.socket.isBlocked()) {
			return; // Goes on in writable().
		}
		if (more) {
			this.eventLoop.schedule(this::drainOn, this.input.isPaused() ? UdpInput.PAUSE_NANOS : 1,
					TimeUnit.NANOSECONDS);
		}
		else if (this.socket.isHolding()) {
			this.received = true;
			this.eventLoop.schedule(this::drainOn, LOOK_MILLIS, TimeUnit.MILLISECONDS);
		}
		else {
			this.socket.closeNow();
		}
	}

}
