package dev.socketecho.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLSession;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A server's or a client's connection: one Netty channel as a Spring Integration
 * {@link org.springframework.integration.ip.tcp.connection.TcpConnection}. Messages reach
 * the listener on the channel's event loop, with {@link Frames} as payload; these are
 * released when the listener returns, so whoever keeps them longer retains them.
 * <p>
 * {@link #send} and {@link #close} may be called by any thread; what is not public is
 * confined to the event loop.
 */
public final class NettyTcpConnection extends TcpConnectionSupport {

	private final ConnectionOwner owner;

	private final SocketChannel channel;

	private final InetSocketAddress source;

	private final ConnectionTraffic traffic;

	private final ConnectionOutput output;

	private final ConnectionEnd end;

	private final MessageHeaders headers;

	private final Instant opened = Instant.now();

	private final long openedNanos = Ticker.systemTicker().nanoTime();

	private volatile @Nullable SSLSession tlsSession;

	private boolean counted;

	private boolean reading;

	private boolean draining;

	private boolean closed;

	private @Nullable Runnable whenClosed;

	private @Nullable Frames current;

	private @Nullable SocketError error;

	NettyTcpConnection(ConnectionOwner owner, SocketChannel channel, InetSocketAddress source) {
		super(owner.eventPublisher());
		this.owner = owner;
		this.channel = channel;
		this.source = source;
		this.traffic = new ConnectionTraffic(owner.recorder(), this.openedNanos);
		this.output = new ConnectionOutput(channel, this.traffic, owner.maxPendingBytes(), owner.pendingBudget());
		this.end = new ConnectionEnd(channel, this.output, owner.lingerTimeout());
		this.headers = new ConnectionHeaders(this, channel.localAddress().getAddress());
	}

	@Override
	public boolean isServer() {
		return this.owner.isServer();
	}

	@Override
	public String getConnectionFactoryName() {
		return this.owner.componentName();
	}

	@Override
	public String getHostAddress() {
		return this.source.getAddress().getHostAddress();
	}

	/**
	 * Returns the address: names are not looked up, since that would block.
	 */
	@Override
	public String getHostName() {
		return getHostAddress();
	}

	@Override
	public int getPort() {
		return this.source.getPort();
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive();
	}

	/**
	 * Returns the frames that are being delivered, on the event loop only.
	 */
	@Override
	public @Nullable Object getPayload() {
		return this.current;
	}

	@Override
	public @Nullable Object getDeserializerStateKey() {
		return null;
	}

	@Override
	public @Nullable SSLSession getSslSession() {
		return this.tlsSession;
	}

	/**
	 * Does nothing: the event loop drives the connection.
	 */
	@Override
	public void run() {
	}

	/**
	 * Queues a message to the peer. What is sent while the connection's event loop
	 * delivers a read leaves with the answers to that read, otherwise at once. After the
	 * end of the connection was decided, it is dropped.
	 * @param message a message with {@link Frames}, {@link ByteBuf}, {@code byte[]} or
	 * {@code String} as payload; the caller keeps its reference to a buffer
	 */
	@Override
	public void send(Message<?> message) {
		Object payload = Objects.requireNonNull(getMapper().fromMessage(message));
		ByteBuf content = ((payload instanceof Frames frames) ? frames.content() : (ByteBuf) payload).retain();
		int count = (payload instanceof Frames frames) ? frames.count() : 1;
		if (this.channel.eventLoop().inEventLoop()) {
			write(content, count);
		}
		else {
			this.channel.eventLoop().execute(() -> write(content, count));
		}
	}

	private void write(ByteBuf content, int count) {
		if (isClosing() || !this.channel.isActive()) {
			content.release();
			return;
		}
		this.output.write(content, count);
		if (!this.reading) {
			this.output.flush();
		}
	}

	/**
	 * Runs sends that leave in one flush. On the event loop only.
	 * @param sends calls of {@link #send}
	 */
	public void gather(Runnable sends) {
		boolean outermost = !this.reading;
		this.reading = true;
		try {
			sends.run();
		}
		finally {
			if (outermost) {
				this.reading = false;
				this.output.flush();
			}
		}
	}

	/**
	 * Reports when everything that was sent before has been taken by the socket. On the
	 * event loop only.
	 * @return completes on the event loop, exceptionally if the connection ended first
	 */
	public CompletableFuture<Void> written() {
		CompletableFuture<Void> written = new CompletableFuture<>();
		this.output.finish().addListener((done) -> {
			if (done.isSuccess()) {
				written.complete(null);
			}
			else {
				written.completeExceptionally(done.cause());
			}
		});
		return written;
	}

	/**
	 * Closes this side after what is queued, and goes on reading. On the event loop only.
	 */
	public void endOutput() {
		this.output.finish().addListener((_) -> this.end.shutdownOutput());
	}

	/**
	 * Ends the connection in order, after what is queued. This is what the stock
	 * components call, after the reply where there is one message per connection.
	 */
	@Override
	public void close() {
		close(this.owner.stockCloseReason());
	}

	/**
	 * Ends the connection. The first reason counts.
	 * @param reason why
	 */
	public void close(CloseReason reason) {
		if (this.channel.eventLoop().inEventLoop()) {
			this.end.begin(reason);
		}
		else {
			this.channel.eventLoop().execute(() -> this.end.begin(reason));
		}
	}

	/**
	 * Ends the connection without regard for what is queued.
	 * @param reason why
	 * @return completes when the socket is closed
	 */
	public ChannelFuture cut(CloseReason reason) {
		close(reason);
		return this.channel.close();
	}

	/**
	 * Answers what has been received, then ends the connection. The delay makes the event
	 * loop look at its sockets once more, so what the kernel holds by now is read first.
	 * @param whenClosed run on the event loop when the connection is closed and recorded
	 */
	void drain(Runnable whenClosed) {
		this.channel.eventLoop().execute(() -> {
			if (this.closed) {
				whenClosed.run();
				return;
			}
			this.whenClosed = whenClosed;
			this.channel.eventLoop().schedule(this::drainInput, 1, TimeUnit.MILLISECONDS);
		});
	}

	private void drainInput() {
		if (!isClosing()) {
			this.draining = true;
			endInput();
		}
	}

	/**
	 * Ends the input for the flow. TLS is passed by: it would drop the record that is
	 * under way, and take what follows for garbage.
	 */
	private void endInput() {
		ChannelPipeline pipeline = this.channel.pipeline();
		ChannelHandlerContext tls = pipeline.context(HandlerNames.TLS_MONITOR);
		if (tls != null) {
			tls.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
		else {
			pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

	/**
	 * Returns the connection as it is now.
	 * @return a snapshot
	 */
	public TcpConnectionInfo info() {
		SSLSession session = this.tlsSession;
		Duration idle = Duration.ofNanos(Ticker.systemTicker().nanoTime() - this.traffic.lastActive());
		return new TcpConnectionInfo(getConnectionId(), this.owner.name(), this.source, this.opened, idle,
				this.traffic.bytesIn(), this.traffic.bytesOut(), this.traffic.messagesIn(), this.traffic.messagesOut(),
				(session != null) ? session.getProtocol() : null);
	}

	/**
	 * Returns when the connection was accepted, by Netty's ticker: in the order of this,
	 * connections are in that of their age, whatever the wall clock was set to meanwhile.
	 * @return the time, in ns
	 */
	public long openedNanos() {
		return this.openedNanos;
	}

	/**
	 * Returns why the connection ended, or will end.
	 * @return the reason, {@code null} as long as none was decided
	 */
	public @Nullable CloseReason closeReason() {
		return this.end.reason();
	}

	/**
	 * Returns what broke the connection. On the event loop only.
	 * @return the error, {@code null} if there was none
	 */
	public @Nullable SocketError error() {
		return this.error;
	}

	/**
	 * Returns the event loop that the connection is confined to.
	 * @return the event loop
	 */
	public EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	MessageHeaders messageHeaders() {
		return this.headers;
	}

	ConnectionTraffic traffic() {
		return this.traffic;
	}

	boolean isClosing() {
		return this.end.reason() != null;
	}

	boolean isEndedInOrder() {
		return this.end.isInOrder();
	}

	void opened() {
		this.counted = true;
		this.owner.recorder().connectionOpened();
		publishConnectionOpenEvent();
	}

	/**
	 * The TLS handshake has succeeded.
	 * @param nanos how long it took
	 */
	void secured(SSLSession session, long nanos) {
		this.tlsSession = session;
		this.owner.recorder().tlsHandshake(Duration.ofNanos(nanos));
	}

	/**
	 * The TLS handshake has failed; its handler closes the channel.
	 */
	void handshakeFailed(Throwable cause) {
		if (!isClosing()) {
			this.end.decide(CloseReason.TLS_HANDSHAKE_FAILED);
			report((cause instanceof Exception ex) ? ex : new IllegalStateException(cause),
					TlsErrors.ofHandshake(cause));
		}
	}

	/**
	 * Delivers frames; takes over the caller's reference.
	 */
	void receive(Frames frames) {
		try {
			if (isClosing()) {
				return;
			}
			this.reading = true;
			this.traffic.messagesReceived(frames.count());
			this.current = frames;
			TcpListener listener = Objects.requireNonNull(getListener(), "no inbound adapter");
			listener.onMessage(Objects.requireNonNull(getMapper().toMessage(this, null)));
		}
		catch (Exception ex) {
			this.owner.warnings()
				.warn("The flow of %s '%s' failed: %s".formatted(isServer() ? "server" : "client", this.owner.name(),
						ex));
			end(ex, SocketError.UNKNOWN, CloseReason.ERROR);
		}
		finally {
			this.current = null;
			frames.release();
		}
	}

	void readComplete() {
		this.reading = false;
		this.output.flush();
		long now = Ticker.systemTicker().nanoTime();
		this.traffic.active(now);
		ProcessorTurn.ofEventLoop().check(now);
	}

	/**
	 * The decoder has passed on what was left. Either the peer has closed its side, or a
	 * drain made the decoder do so.
	 */
	void inputEnded() {
		if (this.draining && !isClosing()) {
			this.end.begin(CloseReason.SHUTDOWN);
		}
		else {
			this.end.inputEnded();
		}
	}

	void idle() {
		this.end.idle();
	}

	void failed(Throwable cause) {
		if (isClosing()) {
			if (!(cause instanceof DecoderException)) {
				this.channel.close();
			}
			return;
		}
		SocketError error = SocketError.of(cause);
		CloseReason reason = switch (cause) {
			case TooLongFrameException _ -> CloseReason.MESSAGE_TOO_LONG;
			case java.io.IOException _ -> CloseReason.CONNECTION_RESET;
			default -> CloseReason.ERROR;
		};
		end((cause instanceof Exception ex) ? ex : new IllegalStateException(cause), error, reason);
	}

	void closed() {
		this.end.closed();
		this.output.closed();
		this.owner.closed(this);
		CloseReason reason = Objects.requireNonNull(this.end.reason());
		if (this.counted) {
			this.owner.recorder()
				.connectionClosed(reason, Duration.ofNanos(Ticker.systemTicker().nanoTime() - this.openedNanos));
		}
		if (this.logger.isDebugEnabled()) {
			this.logger.debug(this + " from " + this.source + " closed: " + reason.tag());
		}
		super.close();
		this.closed = true;
		if (this.whenClosed != null) {
			this.whenClosed.run();
		}
	}

	private void end(Exception cause, SocketError error, CloseReason reason) {
		report(cause, error);
		this.end.begin(reason);
	}

	private void report(Exception cause, SocketError error) {
		this.error = error;
		this.owner.recorder().error(error);
		publishConnectionExceptionEvent(cause);
		if (this.logger.isDebugEnabled()) {
			this.logger.debug(this + " fails, " + error.tag() + ": " + cause);
		}
	}

}
