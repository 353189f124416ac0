package dev.socketecho.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.Backoff;
import dev.socketecho.transport.loop.Inbox;
import dev.socketecho.transport.udp.ClientDatagram;
import dev.socketecho.transport.udp.UdpClientSockets;
import dev.socketecho.transport.udp.UdpClientSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The queue of requests of a {@link UdpEchoClient}, and the socket that sends them. The
 * socket is opened at the first request, and opened again after a long silence. If an
 * attempt fails, because the host is not found for example, the requests that wait at
 * that moment fail with it; requests that are queued later wait for the next attempt,
 * which comes after a back-off.
 * <p>
 * Methods run on one event loop unless they say otherwise.
 */
final class UdpSender {

	private final UdpClientSockets sockets;

	private final EventLoop eventLoop;

	private final RequestTracker tracker;

	private final UdpExchange exchange;

	private final Inbox<Outgoing> inbox;

	private volatile Outlet outlet = UdpClientSocket::send;

	private @Nullable CompletableFuture<UdpClientSocket> opening;

	private @Nullable Future<?> nextAttempt;

	private @Nullable UdpClientSocket socket;

	private final Backoff backoff = new Backoff();

	private boolean closed;

	UdpSender(UdpClientSockets sockets, EventLoop eventLoop, Duration replyTimeout, RequestTracker tracker) {
		this.sockets = sockets;
		this.eventLoop = eventLoop;
		this.tracker = tracker;
		// The next request looks the host up again: its address may have changed.
		this.exchange = new UdpExchange(eventLoop, replyTimeout, tracker, this::closeSocket);
		this.inbox = new Inbox<>(eventLoop, this::pump);
	}

	/**
	 * Sends datagrams through a flow instead of straight to the socket. Any thread.
	 */
	void sendThrough(Outlet flow) {
		this.outlet = flow;
	}

	/**
	 * Queues a request. Any thread.
	 */
	void add(Outgoing outgoing) {
		this.inbox.add(outgoing);
	}

	void received(ByteBuf content) {
		this.exchange.received(content);
	}

	private void pump() {
		UdpClientSocket open = this.socket;
		if (this.closed) {
			failQueued(SocketError.OPERATION_ABORTED, "client is closed", null);
		}
		else if (open != null) {
			for (Outgoing next = this.inbox.poll(); next != null; next = this.inbox.poll()) {
				send(next, open);
			}
			open.flush();
		}
		else if (this.opening == null && this.nextAttempt == null && !this.inbox.isEmpty()) {
			long delay = this.backoff.delay().toNanos();
			if (delay == 0) {
				open();
			}
			else {
				this.nextAttempt = this.eventLoop.schedule(this::open, delay, TimeUnit.NANOSECONDS);
			}
		}
	}

	private void open() {
		this.nextAttempt = null;
		CompletableFuture<UdpClientSocket> pending = this.sockets.open(this.eventLoop);
		this.opening = pending;
		pending.whenComplete((opened, failure) -> {
			this.opening = null;
			if (failure != null) {
				SocketError error = EchoException.errorOf(failure);
				if (!this.closed) {
					this.tracker.error(error);
				}
				this.backoff.failed();
				failQueued(error, "cannot open a socket: " + failure.getMessage(), failure);
				return;
			}
			this.backoff.reset();
			this.socket = opened;
			this.exchange.opened();
			opened.onError(this.exchange::broken);
			pump();
		});
	}

	private void send(Outgoing outgoing, UdpClientSocket through) {
		switch (outgoing) {
			case Outgoing.Flush flush -> through.flush().thenRun(() -> flush.done().complete(null));
			case Outgoing.Connect connect -> connect.done().complete(null);
			case EchoRequest request when request.isSettled() -> this.tracker.release(request);
			case EchoRequest request -> {
				this.exchange.expect(request);
				transmit(request, through, true);
				this.exchange.sent(request);
			}
		}
	}

	private void transmit(EchoRequest request, UdpClientSocket through, boolean mayRepeat) {
		ByteBuf content = Unpooled.wrappedBuffer(request.message());
		this.outlet.send(through, new ClientDatagram(content, (failure) -> {
			SocketError error = SocketError.of(failure);
			if (error == SocketError.CONNECTION_REFUSED && mayRepeat) {
				// The error is that of an earlier datagram; this one was not sent.
				transmit(request, through, false);
				through.flush();
				return;
			}
			this.exchange.notSent(request, error, failure);
		}));
	}

	private void failQueued(SocketError error, String text, @Nullable Throwable cause) {
		List<Outgoing> queued = new ArrayList<>();
		for (Outgoing next = this.inbox.poll(); next != null; next = this.inbox.poll()) {
			queued.add(next);
		}
		// A callback may queue another request, which must not fail here, too.
		queued.forEach((next) -> next.abandon(this.tracker, error, text, cause));
	}

	private void closeSocket() {
		UdpClientSocket open = this.socket;
		if (open != null) {
			this.socket = null;
			open.close();
		}
	}

	/**
	 * Closes the socket; what waits fails. Any thread.
	 */
	void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			CompletableFuture<UdpClientSocket> pending = this.opening;
			if (pending != null) {
				pending.cancel(false);
			}
			Future<?> next = this.nextAttempt;
			if (next != null) {
				next.cancel(false);
			}
			this.exchange.abort();
			closeSocket();
			pump();
		});
	}

	/**
	 * How a datagram gets to the socket.
	 */
	@FunctionalInterface
	interface Outlet {

		/**
		 * Sends a datagram. Called on the socket's event loop.
		 */
		void send(UdpClientSocket socket, ClientDatagram datagram);

	}

}
