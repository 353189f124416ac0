package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.codec.Frames;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.tcp.traffic.ConnectionTraffic;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLSession;

import org.springframework.messaging.Message;

/**
 * A server's or a client's connection: one Netty channel as a Spring Integration
 * {@link org.springframework.integration.ip.tcp.connection.TcpConnection}. The stock
 * inbound adapter listens to it; {@link NettyTcpSendingMessageHandler}, or a client's
 * stock outbound adapter, sends through it. {@link MessageInput}, {@link MessageOutput},
 * {@link ConnectionEnd} and {@link ConnectionLife} do its work. The payload of a message
 * is {@link Frames}, which are released when the listener returns; a listener that keeps
 * them longer retains them.
 * <p>
 * Public methods may be called by any thread unless they say otherwise. All others are
 * confined to the event loop.
 */
public final class NettyTcpConnection extends ChannelConnectionSupport {

	// First what each message needs: side by side, it is in fewer cache lines.

	private final ConnectionTraffic traffic;

	private final ConnectionOutput output;

	private final ConnectionEnd end;

	private final ConnectionLife life;

	private final MessageInput messageInput;

	private final MessageOutput messageOutput;

	private final long openedMillis = System.currentTimeMillis();

	private @Nullable ConnectionFaults faults;

	private final TcpServerFaults.Drawn drawn = new TcpServerFaults.Drawn();

	NettyTcpConnection(ConnectionOwner owner, SocketChannel channel, InetSocketAddress source) {
		super(owner, channel, source);
		this.traffic = new ConnectionTraffic(owner.recorder(), openedNanos());
		this.output = new ConnectionOutput(channel, this.traffic, owner.limits());
		this.end = new ConnectionEnd(this, this.output, this.traffic, owner.limits());
		this.life = new ConnectionLife(this, owner, channel, this.end);
		this.messageInput = new MessageInput(this, this.output, this.life, this.traffic);
		this.messageOutput = new MessageOutput(this, this.output, this.end, owner.greeting());
	}

	/**
	 * Returns the frames that are being delivered, on the event loop only.
	 */
	@Override
	public @Nullable Object getPayload() {
		return this.messageInput.current();
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
			this.messageOutput.write(payload);
		}
		else {
			execute(() -> this.messageOutput.write(payload), content::release);
		}
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
	 * Ends the connection at once; queued bytes are lost. With TLS it waits until the
	 * peer has taken {@code close_notify}, but at most for the linger timeout.
	 * @param reason why
	 * @return completes when the socket is closed
	 */
	public ChannelFuture cut(CloseReason reason) {
		close(reason);
		// The future of a second close() may complete before the first one has ended: the
		// TLS handler completes it when the peer's close_notify arrives.
		channel().close();
		return channel().closeFuture();
	}

	/**
	 * Ends the connection because its server stops, once everything that the peer has
	 * sent so far is read and answered.
	 * @return completes when the connection is closed and recorded
	 */
	CompletableFuture<Void> drain() {
		execute(this.end::drain, () -> this.life.done().complete(null));
		return this.life.done();
	}

	/**
	 * Returns the connection as it is now.
	 * @return a snapshot
	 */
	public TcpConnectionInfo info() {
		return new TcpConnectionInfo(getConnectionId(), owner().name(), source(), channel().localAddress(),
				source().equals(channel().remoteAddress()) ? null : channel().remoteAddress(),
				Instant.ofEpochMilli(this.openedMillis), this.traffic.idle(), this.traffic.bytesIn(),
				this.traffic.bytesOut(), this.traffic.messagesIn(), this.traffic.messagesOut(),
				this.life.tlsProtocol());
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
		if (this.faults == null && !next.all().isEmpty()) {
			this.faults = new ConnectionFaults(this, this.end, this.output, this.messageOutput.webSocket());
		}
		if (this.faults != null) {
			this.faults.set(next, draws);
		}
	}

	/**
	 * Ends the connection because a message cannot be answered. On the event loop only.
	 * @param cause why, with the meaning that it has when a decoder throws it
	 */
	public void fail(DecoderException cause) {
		this.life.failed(cause);
	}

	TcpServerFaults.Drawn drawn() {
		return this.drawn;
	}

	MessageInput messageInput() {
		return this.messageInput;
	}

	MessageOutput messageOutput() {
		return this.messageOutput;
	}

	ConnectionTraffic traffic() {
		return this.traffic;
	}

	boolean isEndedInOrder() {
		return this.end.isInOrder();
	}

	ConnectionLife life() {
		return this.life;
	}

}
