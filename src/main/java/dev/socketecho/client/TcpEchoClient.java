package dev.socketecho.client;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.socketecho.codec.MessageFramer;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.tcp.NettyTcpClientConnectionFactory;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Future;

/**
 * An echo client over TCP, which spreads its requests over a pool of connections. The
 * requests of a configured client pass a Spring Integration flow; those of a client that
 * is made for one probe go straight to the connection.
 */
public final class TcpEchoClient implements EchoClient {

	private final TcpEchoClientSettings settings;

	private final NettyTcpClientConnectionFactory factory;

	private final ClientRecorder recorder;

	private final RequestTracker tracker;

	private final MessageFramer framer;

	private final TcpConnections connections;

	private final List<ConnectionSlot> pool;

	private final AtomicInteger turn = new AtomicInteger();

	private volatile boolean used;

	/**
	 * Creates a client, which connects at the first message.
	 * @param settings what the client is
	 * @param eventLoops the event loops, which outlive the client
	 * @param recorder what is told of the traffic
	 */
	public TcpEchoClient(TcpEchoClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		this.settings = settings;
		this.recorder = recorder;
		this.framer = settings.connection().framing().newFramer();
		this.tracker = new RequestTracker(name(), settings.replyTimeout(), recorder);
		this.factory = new NettyTcpClientConnectionFactory(settings.connection(), eventLoops, recorder);
		this.connections = new TcpConnections(settings, this.factory, this.framer, this.tracker);
		this.pool = IntStream.range(0, settings.poolSize())
			.mapToObj((_) -> new ConnectionSlot(this.connections, eventLoops.next()))
			.toList();
	}

	/**
	 * Starts a client that has no flow: its connections deliver to it directly.
	 * @return this client
	 */
	public TcpEchoClient startWithoutFlow() {
		this.factory.registerListener(this.connections::received);
		this.factory.setApplicationEventPublisher((_) -> {
		});
		this.factory.start();
		return this;
	}

	@Override
	public String name() {
		return this.settings.connection().name();
	}

	@Override
	public String transport() {
		return "tcp";
	}

	@Override
	public String host() {
		return this.settings.connection().host();
	}

	@Override
	public int port() {
		return this.settings.connection().port();
	}

	@Override
	public CompletableFuture<EchoReply> send(byte[] message) {
		EchoRequest request = new EchoRequest(message.clone());
		queue(request);
		return request.reply();
	}

	/**
	 * Sends a message with a time limit of its own. The time includes the wait for a
	 * connection.
	 * @param message the message without terminator or header; it is copied
	 * @param limit how long the reply may take, from now
	 * @return the reply; fails with {@code reply_timed_out} when the time is over
	 */
	public CompletableFuture<EchoReply> send(byte[] message, Duration limit) {
		EchoRequest request = new EchoRequest(message.clone());
		ConnectionSlot slot = queue(request);
		Future<?> timer = slot.eventLoop()
			.schedule(() -> this.tracker.timedOut(request, limit), Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
		request.reply().whenComplete((_, _) -> timer.cancel(false));
		return request.reply();
	}

	/**
	 * Queues a request, or fails it.
	 * @return the slot whose turn it is
	 */
	private ConnectionSlot queue(EchoRequest request) {
		ConnectionSlot slot = this.pool.get(Math.floorMod(this.turn.getAndIncrement(), this.pool.size()));
		try {
			this.framer.requireFits(request.message());
		}
		catch (TooLongFrameException ex) {
			this.tracker.refuse(request, SocketError.MESSAGE_TOO_LONG, Objects.requireNonNull(ex.getMessage()));
			return slot;
		}
		catch (IllegalArgumentException ex) {
			this.tracker.refuse(request, SocketError.PROTOCOL_ERROR, Objects.requireNonNull(ex.getMessage()));
			return slot;
		}
		if (this.tracker.admit(request)) {
			connectAtFirstUse();
			slot.add(request);
		}
		return slot;
	}

	private void connectAtFirstUse() {
		if (!this.used) {
			this.used = true;
			if (!this.settings.isSingleUse()) {
				this.pool.forEach(ConnectionSlot::connect);
			}
		}
	}

	/**
	 * Makes one connection and sends nothing.
	 * @return completes when there is a connection, on an event loop
	 */
	public CompletableFuture<Void> connect() {
		CompletableFuture<Void> connected = new CompletableFuture<>();
		this.pool.getFirst().add(new Outgoing.Connect(connected));
		return connected;
	}

	@Override
	public CompletableFuture<Void> flush() {
		return CompletableFuture.allOf(this.pool.stream().map((slot) -> {
			Outgoing.Flush flush = new Outgoing.Flush(new CompletableFuture<>());
			slot.add(flush);
			return flush.done();
		}).toArray(CompletableFuture<?>[]::new));
	}

	@Override
	public void close() {
		this.pool.forEach(ConnectionSlot::close);
	}

	/**
	 * Returns the client's settings.
	 * @return the settings
	 */
	public TcpEchoClientSettings settings() {
		return this.settings;
	}

	/**
	 * Returns the connections' factory.
	 * @return the factory
	 */
	public NettyTcpClientConnectionFactory connectionFactory() {
		return this.factory;
	}

	/**
	 * Returns what is told of the traffic.
	 * @return the recorder
	 */
	public ClientRecorder recorder() {
		return this.recorder;
	}

	/**
	 * Returns the connections, for the flow that carries their messages.
	 */
	TcpConnections connections() {
		return this.connections;
	}

}
