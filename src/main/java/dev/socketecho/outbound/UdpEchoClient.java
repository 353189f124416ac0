package dev.socketecho.outbound;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.socketecho.transport.ClientDatagram;
import dev.socketecho.transport.ClientRecorder;
import dev.socketecho.transport.EventLoops;
import dev.socketecho.transport.NettyUdpClient;
import dev.socketecho.transport.NettyUdpClientSocket;
import dev.socketecho.transport.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * An echo client over UDP, with one socket. All but the interface's methods is confined
 * to one event loop.
 */
public final class UdpEchoClient implements EchoClient {

	/** A late reply is recognised for so many time-outs. */
	private static final int REMEMBERED_TIMEOUTS = 3;

	private final UdpEchoClientSettings settings;

	private final NettyUdpClient sockets;

	private final ClientRecorder recorder;

	private final RequestAccounts accounts;

	private final EventLoop eventLoop;

	private final Queue<Outgoing> inbox = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean scheduled = new AtomicBoolean();

	private final DatagramReplies replies = new DatagramReplies();

	private volatile Outlet outlet = NettyUdpClientSocket::send;

	private @Nullable CompletableFuture<NettyUdpClientSocket> opening;

	private @Nullable NettyUdpClientSocket socket;

	private @Nullable Future<?> timer;

	private long lastReceivedNanos;

	private boolean closed;

	/**
	 * Creates a client, which opens its socket with the first message.
	 * @param settings what the client is
	 * @param eventLoops the event loops, which outlive the client
	 * @param recorder what is told of the traffic
	 */
	public UdpEchoClient(UdpEchoClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		this.settings = settings;
		this.recorder = recorder;
		this.sockets = new NettyUdpClient(settings.socket(), eventLoops, recorder);
		this.accounts = new RequestAccounts(name(), settings.replyTimeout(), recorder);
		this.eventLoop = eventLoops.next();
	}

	/**
	 * Starts a client that is not part of a flow.
	 * @return this client
	 */
	public UdpEchoClient startWithoutFlow() {
		this.sockets.receiveWith(this::received);
		return this;
	}

	@Override
	public String name() {
		return this.settings.socket().name();
	}

	@Override
	public String transport() {
		return "udp";
	}

	@Override
	public String host() {
		return this.settings.socket().host();
	}

	@Override
	public int port() {
		return this.settings.socket().port();
	}

	@Override
	public CompletableFuture<EchoReply> send(byte[] message) {
		EchoRequest request = new EchoRequest(message.clone());
		if (message.length > this.settings.maxMessageSize()) {
			this.accounts.refuse(request, SocketError.MESSAGE_TOO_LONG, "message of %d bytes (expected: at most %d)"
				.formatted(message.length, this.settings.maxMessageSize()));
		}
		else if (message.length == 0) {
			// Netty drops empty datagrams in silence.
			this.accounts.refuse(request, SocketError.PROTOCOL_ERROR, "message is empty (expected: at least 1 byte)");
		}
		else if (this.accounts.admit(request)) {
			add(request);
		}
		return request.reply();
	}

	@Override
	public CompletableFuture<Void> flush() {
		Outgoing.Flush flush = new Outgoing.Flush(new CompletableFuture<>());
		add(flush);
		return flush.done();
	}

	@Override
	public void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			CompletableFuture<NettyUdpClientSocket> pending = this.opening;
			if (pending != null) {
				pending.cancel(false);
			}
			cancelTimer();
			this.replies.failAll(this.accounts, SocketError.OPERATION_ABORTED, "client is closed", null);
			closeSocket();
			pump();
		});
	}

	/**
	 * Returns what the client is.
	 * @return the settings
	 */
	public UdpEchoClientSettings settings() {
		return this.settings;
	}

	ClientRecorder recorder() {
		return this.recorder;
	}

	NettyUdpClient sockets() {
		return this.sockets;
	}

	/**
	 * Lets datagrams leave through a flow.
	 */
	void sendThrough(Outlet flow) {
		this.outlet = flow;
	}

	/**
	 * Takes a datagram from a flow. On the event loop.
	 */
	void received(Message<?> message) {
		received((ByteBuf) message.getPayload());
	}

	private void add(Outgoing outgoing) {
		this.inbox.add(outgoing);
		if (this.scheduled.compareAndSet(false, true)) {
			this.eventLoop.execute(() -> {
				this.scheduled.set(false);
				pump();
			});
		}
	}

	private void pump() {
		NettyUdpClientSocket open = this.socket;
		if (this.closed) {
			failQueued(SocketError.OPERATION_ABORTED, "client is closed", null);
		}
		else if (open != null) {
			for (Outgoing next = this.inbox.poll(); next != null; next = this.inbox.poll()) {
				send(next, open);
			}
			open.flush();
		}
		else if (this.opening == null && !this.inbox.isEmpty()) {
			open();
		}
	}

	private void open() {
		CompletableFuture<NettyUdpClientSocket> pending = this.sockets.open(this.eventLoop);
		this.opening = pending;
		pending.whenComplete((opened, failure) -> {
			this.opening = null;
			if (failure != null) {
				SocketError error = EchoException.errorOf(failure);
				if (!this.closed) {
					this.accounts.error(error);
				}
				failQueued(error, "cannot open a socket: " + failure.getMessage(), failure);
				return;
			}
			this.socket = opened;
			this.lastReceivedNanos = System.nanoTime();
			opened.onError(this::broken);
			pump();
		});
	}

	private void send(Outgoing outgoing, NettyUdpClientSocket through) {
		switch (outgoing) {
			case Outgoing.Flush flush -> through.flush().thenRun(() -> flush.done().complete(null));
			case Outgoing.Connect connect -> connect.done().complete(null);
			case EchoRequest request when request.isSettled() -> this.accounts.release(request);
			case EchoRequest request -> {
				request.sent(System.nanoTime());
				this.replies.sent(request);
				transmit(request, through, true);
				this.accounts.sent(request);
				if (this.timer == null) {
					schedule(this.settings.replyTimeout().toNanos());
				}
			}
		}
	}

	private void transmit(EchoRequest request, NettyUdpClientSocket through, boolean mayRepeat) {
		ByteBuf content = Unpooled.wrappedBuffer(request.message());
		this.outlet.send(through, new ClientDatagram(content, (failure) -> {
			SocketError error = SocketError.of(failure);
			if (error == SocketError.CONNECTION_REFUSED && mayRepeat) {
				// What the kernel reports here is the fate of an earlier datagram; this
				// one
				// has not left.
				transmit(request, through, false);
				through.flush();
				return;
			}
			this.replies.remove(request);
			this.accounts.failed(request, error, "datagram was not sent: " + failure.getMessage(), failure);
		}));
	}

	private void received(ByteBuf content) {
		long now = System.nanoTime();
		this.lastReceivedNanos = now;
		EchoRequest request = this.replies.answered(content);
		if (request != null) {
			this.accounts.echoed(request, now);
		}
		else if (!this.replies.isDuplicate(content)) {
			EchoRequest victim = this.replies.corrupted(content);
			if (victim != null) {
				this.accounts.failed(victim, SocketError.CORRUPTED_REPLY, "reply is not what was sent", null);
			}
			else {
				this.accounts.error(SocketError.CORRUPTED_REPLY);
			}
		}
	}

	/**
	 * ICMP has it that the server cannot be reached; none of what is outstanding will be
	 * answered.
	 */
	private void broken(Throwable cause) {
		SocketError error = SocketError.of(cause);
		this.accounts.error(error);
		this.replies.failAll(this.accounts, error, "server cannot be reached: " + cause.getMessage(), cause);
	}

	private void schedule(long delayNanos) {
		this.timer = this.eventLoop.schedule(this::expire, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
	}

	private void cancelTimer() {
		Future<?> pending = this.timer;
		if (pending != null) {
			pending.cancel(false);
		}
	}

	private void expire() {
		this.timer = null;
		long now = System.nanoTime();
		long timeout = this.settings.replyTimeout().toNanos();
		long next = timeout;
		for (EchoRequest request : this.replies.snapshot()) {
			long age = now - request.sentNanos();
			if (age >= REMEMBERED_TIMEOUTS * timeout) {
				this.replies.remove(request);
				this.accounts.release(request);
			}
			else if (age >= timeout) {
				this.accounts.timedOut(request);
			}
			else {
				next = timeout - age;
				break;
			}
		}
		if (now - this.lastReceivedNanos >= REMEMBERED_TIMEOUTS * timeout) {
			// The next message looks the host up again: it may have moved.
			closeSocket();
		}
		if (this.replies.oldest() != null) {
			schedule(next);
		}
	}

	private void closeSocket() {
		NettyUdpClientSocket open = this.socket;
		if (open != null) {
			this.socket = null;
			open.close();
		}
	}

	private void failQueued(SocketError error, String text, @Nullable Throwable cause) {
		for (Outgoing next = this.inbox.poll(); next != null; next = this.inbox.poll()) {
			switch (next) {
				case Outgoing.Flush flush -> flush.done().complete(null);
				case Outgoing.Connect connect ->
					connect.done().completeExceptionally(new EchoException(error, text, cause));
				case EchoRequest request -> this.accounts.abandoned(request, error, text, cause);
			}
		}
	}

	/**
	 * The way to a socket.
	 */
	@FunctionalInterface
	interface Outlet {

		/**
		 * Sends a datagram through a socket. On its event loop.
		 */
		void send(NettyUdpClientSocket socket, ClientDatagram datagram);

	}

}
