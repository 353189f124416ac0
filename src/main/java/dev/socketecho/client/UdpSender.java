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
 * What waits to be sent by a UDP client, and the socket that takes it, which is opened
 * with the first message, and anew after a long silence. What waits while an attempt
 * fails, such as the lookup of the host, fails with it; what comes after that waits for
 * the next attempt, which keeps a distance.
 * <p>
 * Confined to one event loop but for what says otherwise.
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
		// The next message looks the host up again: it may have moved.
		this.exchange = new UdpExchange(eventLoop, replyTimeout, tracker, this::closeSocket);
		this.inbox = new Inbox<>(eventLoop, this::pump);
	}

	/**
	 * Lets datagrams leave through a flow. Any thread.
	 */
	void sendThrough(Outlet flow) {
		this.outlet = flow;
	}

	/**
	 * Queues something to be sent. Any thread.
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
				// The kernel reports the fate of an earlier datagram; this has not left.
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
		// What comes in answer to the failure is not part of it.
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
	 * Ends. Any thread.
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
	 * The way to a socket.
	 */
	@FunctionalInterface
	interface Outlet {

		/**
		 * Sends a datagram through a socket. On its event loop.
		 */
		void send(UdpClientSocket socket, ClientDatagram datagram);

	}

}
