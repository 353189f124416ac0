package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.codec.Frames;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.direct.ProcessorTurn;
import dev.socketecho.transport.websocket.WebSocketFrames;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLSession;

import org.springframework.integration.ip.tcp.connection.TcpListener;
import org.springframework.messaging.Message;

/**
 * A server's or a client's connection: one Netty channel as a Spring Integration
 * {@link org.springframework.integration.ip.tcp.connection.TcpConnection}.
 * {@link InboundGate} and {@link ConnectionHandler} deliver to it, the stock inbound
 * adapter listens to it, and the stock outbound adapter sends through it. The payload of
 * a message is {@link Frames}, which are released when the listener returns; a listener
 * that keeps them longer retains them.
 * <p>
 * Public methods may be called by any thread unless they say otherwise. All others are
 * confined to the event loop.
 */
public final class NettyTcpConnection extends ChannelConnectionSupport {

	private final ConnectionTraffic traffic;

	private final ConnectionOutput output;

	private final ConnectionEnd end;

	private final ConnectionLife life;

	private final ProcessorTurn turn = ProcessorTurn.ofEventLoop();

	private final Instant opened = Instant.now();

	private @Nullable Frames current;

	private @Nullable WebSocketSession webSocket;

	private @Nullable ConnectionFaults faults;

	/** The set of faults whose draws were made for the connection. */
	private FaultSet drawn = TcpServerFaults.NONE;

	NettyTcpConnection(ConnectionOwner owner, SocketChannel channel, InetSocketAddress source) {
		super(owner, channel, source);
		this.traffic = new ConnectionTraffic(owner.recorder(), openedNanos());
		this.output = new ConnectionOutput(channel, this.traffic, owner.limits());
		this.end = new ConnectionEnd(channel, this.output, this.traffic, owner.limits());
		this.life = new ConnectionLife(this, owner, channel, this.end, openedNanos());
	}

	/**
	 * Returns the frames that are being delivered, on the event loop only.
	 */
	@Override
	public @Nullable Object getPayload() {
		return this.current;
	}

	@Override
	public @Nullable SSLSession getSslSession() {
		return this.life.tlsSession();
	}

	/**
	 * Sends a message to the peer. While the event loop delivers a read, messages wait
	 * and leave together at its end; otherwise they leave at once. Once the end of the
	 * connection is decided, messages are dropped.
	 * @param message a message with {@link Frames}, {@link ByteBuf}, {@code byte[]} or
	 * {@code String} as payload; the caller keeps its reference to a buffer
	 */
	@Override
	public void send(Message<?> message) {
		Object payload = Objects.requireNonNull(getMapper().fromMessage(message));
		ByteBuf content = (payload instanceof Frames frames) ? frames.content() : (ByteBuf) payload;
		content.retain();
		if (channel().eventLoop().inEventLoop()) {
			write(payload);
		}
		else {
			execute(() -> write(payload), content::release);
		}
	}

	private void write(Object payload) {
		if (isClosing() || !channel().isActive()) {
			ReferenceCountUtil.release(payload);
		}
		else if (this.webSocket != null) {
			WebSocketFrames frames = this.webSocket.outgoing(payload);
			this.output.write(frames.toOutput(), frames.payloadBytes(), frames.count());
		}
		else if (payload instanceof Frames frames) {
			this.output.write(frames.content(), frames.count());
		}
		else {
			this.output.write((ByteBuf) payload, 1);
		}
	}

	/**
	 * Writes what is no message, behind the messages so far. It leaves with the answers
	 * to the read.
	 */
	void writeBeside(Runnable write) {
		this.output.writeBeside(write);
	}

	/**
	 * Gives the connection a WebSocket, whose handlers are in the pipeline.
	 */
	void setWebSocket(WebSocketSession session) {
		this.webSocket = session;
		this.end.setWebSocket(session);
	}

	/**
	 * Runs sends that leave in one flush. On the event loop only.
	 * @param sends calls of {@link #send}
	 */
	public void gather(Runnable sends) {
		this.output.gather(sends);
	}

	/**
	 * Returns when everything that was sent so far has been handed to the socket. On the
	 * event loop only.
	 * @return completes on the event loop, exceptionally if the connection ends first
	 */
	public CompletableFuture<Void> written() {
		return this.output.written();
	}

	/**
	 * Half-closes the connection after what is queued: sends FIN and goes on reading. On
	 * the event loop only.
	 */
	public void endOutput() {
		this.output.finish().addListener((_) -> this.end.shutdownOutput());
	}

	/**
	 * Ends the connection in order, after what is queued. Spring Integration's stock
	 * components call this: with one message per connection, after the reply.
	 */
	@Override
	public void close() {
		close(owner().stockCloseReason());
	}

	/**
	 * Ends the connection. The first reason counts.
	 * @param reason why
	 */
	public void close(CloseReason reason) {
		if (channel().eventLoop().inEventLoop()) {
			this.end.begin(reason);
		}
		else {
			execute(() -> this.end.begin(reason), () -> {
			});
		}
	}

	/**
	 * Ends the connection at once; queued bytes are lost.
	 * @param reason why
	 * @return completes when the socket is closed
	 */
	public ChannelFuture cut(CloseReason reason) {
		close(reason);
		return channel().close();
	}

	/**
	 * Ends the connection because its server stops, once everything that the peer has
	 * sent so far is read and answered.
	 * @return completes when the connection is closed and recorded
	 */
	CompletableFuture<Void> drain() {
		// If the event loop has ended, the connection is closed.
		execute(this.end::drain, () -> this.life.done().complete(null));
		return this.life.done();
	}

	/**
	 * Returns the connection as it is now.
	 * @return a snapshot
	 */
	public TcpConnectionInfo info() {
		SSLSession session = this.life.tlsSession();
		return new TcpConnectionInfo(getConnectionId(), owner().name(), source(), channel().localAddress(),
				source().equals(channel().remoteAddress()) ? null : channel().remoteAddress(), this.opened,
				this.traffic.idle(), this.traffic.bytesIn(), this.traffic.bytesOut(), this.traffic.messagesIn(),
				this.traffic.messagesOut(), (session != null) ? session.getProtocol() : null);
	}

	/**
	 * Returns why the connection has ended, or is ending.
	 * @return the reason, {@code null} while the connection is not ending
	 */
	public @Nullable CloseReason closeReason() {
		return this.end.reason();
	}

	/**
	 * Returns the error that broke the connection. On the event loop only.
	 * @return the error, {@code null} if there was none
	 */
	public @Nullable SocketError error() {
		return this.life.error();
	}

	/**
	 * Replaces the faults that the server commits against the peer.
	 * @param next the faults
	 * @param draws what was drawn for the connection, of the faults that are new
	 */
	void setFaults(FaultSet next, FaultSet.Draws draws) {
		if (this.faults == null) {
			if (next.all().isEmpty()) {
				return;
			}
			this.faults = new ConnectionFaults(channel(), source().getAddress(), this.end, this.output, this.traffic,
					this.webSocket);
			this.output.setFaults(this.faults);
			this.end.setFaults(this.faults);
		}
		this.faults.set(next, draws);
	}

	/**
	 * The connection's faults; {@code null} if it has never had any.
	 */
	@Nullable ConnectionFaults faults() {
		return this.faults;
	}

	/**
	 * Claims the draws of a set of faults for the connection, so that they are made once
	 * although a new connection and a new set may meet. Any thread.
	 * @param next the faults
	 * @param opened whether the connection has just opened, and takes the set only if it
	 * has none yet
	 * @return the set whose draws it has so far; {@code null} if the caller is not the
	 * one to draw
	 */
	synchronized @Nullable FaultSet claimDraws(FaultSet next, boolean opened) {
		FaultSet before = this.drawn;
		if (before == next || (opened && before != TcpServerFaults.NONE)) {
			return null;
		}
		this.drawn = next;
		return before;
	}

	/**
	 * Ends the connection because a message cannot be answered. On the event loop only.
	 * @param cause why, with the meaning that it has when a decoder throws it
	 */
	public void fail(DecoderException cause) {
		this.life.failed(cause);
	}

	/**
	 * Sends the server's greeting, if it has one, before any answer. With WebSocket it is
	 * a message, and waits for the handshake.
	 */
	void greet() {
		ByteBuf greeting = owner().greeting();
		WebSocketSession session = this.webSocket;
		if (greeting == null || isClosing() || (session != null && !session.isOpen())) {
			return;
		}
		ByteBuf content = greeting.retainedDuplicate();
		int bytes = content.readableBytes();
		this.output.writeUnanswered((session != null) ? session.outgoing(content).toOutput() : content, bytes);
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

	ConnectionLife life() {
		return this.life;
	}

	/**
	 * Delivers frames to the flow, which answers them by {@link #send} before this
	 * returns. The answers leave with {@link #readComplete}.
	 * @param frames the frames; this takes over the caller's reference
	 */
	void receive(Frames frames) {
		try {
			if (isClosing()) {
				return;
			}
			this.output.holdFlush();
			this.traffic.messagesReceived(frames.count());
			this.current = frames;
			TcpListener listener = Objects.requireNonNull(getListener(), "no inbound adapter");
			listener.onMessage(Objects.requireNonNull(getMapper().toMessage(this, null)));
		}
		catch (Exception ex) {
			this.life.flowFailed(ex);
		}
		finally {
			this.current = null;
			frames.release();
		}
	}

	/**
	 * Everything of a read was delivered: flushes the answers.
	 */
	void readComplete() {
		this.output.releaseFlush();
		long now = this.turn.workDone();
		if (!isClosing()) {
			// Discarded input does not count as activity.
			this.traffic.active(now);
		}
	}

}
