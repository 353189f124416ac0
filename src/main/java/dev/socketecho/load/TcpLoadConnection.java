package dev.socketecho.load;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.codec.Frames;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.codec.MessageFramer;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SharedHeaders;
import dev.socketecho.transport.tcp.NettyTcpClientConnectionFactory;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * A TCP connection of a run. It has the same pipeline as the client's connections, and no
 * flow. Messages that are sent at a time leave in one buffer, and the replies of one read
 * arrive in one, so that the cost of a Spring message is paid once per read.
 * {@link TcpReplies} finds the replies.
 */
final class TcpLoadConnection extends LoadConnection<NettyTcpConnection> implements TcpReplies.Listener {

	/** In bytes. More messages than that do not leave in one buffer. */
	private static final int BUFFER = 64 * 1024;

	private final NettyTcpClientConnectionFactory factory;

	private final EndOfMessage end;

	private final LoadMessage message;

	private final TcpReplies replies;

	private final long timeoutNanos;

	private @Nullable NettyTcpConnection connection;

	private long lastReceived;

	private boolean working;

	private SocketError cutBecause = SocketError.OPERATION_ABORTED;

	TcpLoadConnection(LoadLoop loop, Options options, TcpEchoClientSettings client, EventLoops eventLoops,
			int payloadSize) {
		super(loop, options);
		FramingSpec framing = client.connection().framing();
		MessageFramer framer = framing.newFramer();
		this.end = EndOfMessage.of(client);
		this.message = new LoadMessage(payloadSize, options.number(), framer, !isOnTheWire(framing));
		this.replies = new TcpReplies(this.message, framer, this.end, isOnTheWire(framing), this);
		this.timeoutNanos = options.timeoutNanos();
		TcpClientSettings connection = client.connection().afresh(client.connection().connectTimeout());
		this.factory = new NettyTcpClientConnectionFactory(isOnTheWire(framing) ? connection.inBursts() : connection,
				eventLoops, ClientRecorder.none());
		this.factory.registerListener(this::received);
		this.factory.setApplicationEventPublisher((_) -> {
		});
		this.factory.onClosed(this::closed);
		this.factory.start();
	}

	/**
	 * Whether frames travel as the framer makes them, one after the other. Otherwise a
	 * handler of the pipeline makes the frames of the wire, one of each buffer.
	 */
	private static boolean isOnTheWire(FramingSpec framing) {
		return framing.framing().boundary() == Framing.Boundary.READ || framing.framing().needsDecoder();
	}

	@Override
	CompletableFuture<NettyTcpConnection> connect() {
		return this.factory.connect(loop().eventLoop());
	}

	@Override
	void opened(NettyTcpConnection socket) {
		this.connection = socket;
		this.replies.reset(messages().next());
		this.lastReceived = loop().now();
		this.working = false;
		this.cutBecause = SocketError.OPERATION_ABORTED;
	}

	@Override
	int room() {
		NettyTcpConnection open = this.connection;
		if (open == null || open.closeReason() != null) {
			return 0;
		}
		if (this.end.isSingleUse()) {
			return this.replies.isFresh() ? 1 : 0;
		}
		return Integer.MAX_VALUE;
	}

	@Override
	boolean isPatient() {
		return this.end.isSingleUse();
	}

	@Override
	long underWay() {
		return messages().end() - (this.end.isSingleUse() ? messages().oldest() : this.replies.expected());
	}

	@Override
	void transmit(long first, int count) {
		NettyTcpConnection open = this.connection;
		if (open == null) {
			return;
		}
		this.replies.sent(first + count);
		if (count == 1) {
			send(open, first, 1);
		}
		else {
			open.gather(() -> {
				int most = this.message.isAnew() ? 1 : Math.max(1, BUFFER / this.message.frameLength());
				for (int sent = 0; sent < count; sent += most) {
					send(open, first + sent, Math.min(most, count - sent));
				}
			});
		}
		if (this.end == EndOfMessage.INPUT) {
			open.endOutput();
		}
	}

	private void send(NettyTcpConnection open, long first, int count) {
		ByteBuf frames = this.message.isAnew() ? this.message.frame(PooledByteBufAllocator.DEFAULT, first)
				: PooledByteBufAllocator.DEFAULT.directBuffer(count * this.message.frameLength());
		try {
			for (int i = 0; i < count && !this.message.isAnew(); i++) {
				this.message.write(frames, first + i);
			}
			open.send(new GenericMessage<>(new Frames(frames, count), SharedHeaders.NONE));
		}
		finally {
			frames.release();
		}
	}

	private void received(Message<?> read) {
		if (this.connection != null && read.getPayload() instanceof Frames frames) {
			long now = loop().now();
			this.lastReceived = now;
			this.replies.read(frames.content(), frames.count(), now);
			advance(now);
			loop().figures().report();
		}
	}

	@Override
	public void echoed(long sequence, long now) {
		this.working = true;
		if (messages().isOpen(sequence)) {
			messages().received(sequence, now);
		}
	}

	@Override
	public void differs(long sequence) {
		if (messages().isOpen(sequence)) {
			messages().corrupted(sequence);
		}
	}

	@Override
	public void unexpected() {
		loop().error(SocketError.PROTOCOL_ERROR);
		cut(SocketError.PROTOCOL_ERROR);
	}

	/**
	 * A connection that is silent for a whole timeout is dead.
	 */
	@Override
	void silent(long now) {
		if (this.end.isSingleUse() || now - this.lastReceived >= this.timeoutNanos) {
			cut(SocketError.REPLY_TIMED_OUT);
		}
	}

	/**
	 * Which of the messages have left is not known.
	 */
	@Override
	void fail() {
		cut(SocketError.OPERATION_ABORTED);
	}

	private void cut(SocketError why) {
		this.cutBecause = why;
		disconnect();
	}

	@Override
	void disconnect() {
		NettyTcpConnection open = this.connection;
		if (open != null) {
			open.cut(CloseReason.OPERATOR);
		}
	}

	private void closed(NettyTcpConnection ended) {
		if (ended != this.connection) {
			return;
		}
		this.connection = null;
		if (this.end.isSingleUse() && ended.closeReason() == CloseReason.CLIENT_CLOSED) {
			this.replies.inputEnded(loop().now());
		}
		messages().broken(error(ended));
		ended(!this.working);
		loop().figures().report();
	}

	private SocketError error(NettyTcpConnection ended) {
		SocketError error = ended.error();
		if (error != null) {
			return error;
		}
		CloseReason reason = ended.closeReason();
		return (reason == CloseReason.CLIENT_CLOSED || reason == CloseReason.ERROR) ? SocketError.CONNECTION_ABORTED
				: (reason == CloseReason.CONNECTION_RESET) ? SocketError.CONNECTION_RESET : this.cutBecause;
	}

}
