package dev.socketecho.transport.websocket;

import java.util.Objects;

import dev.socketecho.codec.FramingSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a WebSocket: makes {@link WebSocketFrames} of whole messages, and
 * answers pings. Small messages of one read travel as one burst, unless the connection
 * compresses or each message has to travel alone. What is wrong with the input ends the
 * connection, after all messages before it.
 */
final class WebSocketMessages extends ChannelInboundHandlerAdapter {

	/**
	 * In bytes. To copy a payload of this size into a burst costs less than a message of
	 * the flow. Longer ones travel alone, without a copy.
	 */
	private static final int BURST_PAYLOAD = 8192;

	private final WebSocketSession session;

	private final WebSocketSession.Host host;

	private final FramingSpec framing;

	private final boolean server;

	private final FrameBytesEncoder encoder;

	private @Nullable ChannelHandlerContext ctx;

	private boolean compressed;

	private boolean single;

	private final Burst burst = new Burst();

	/** Encoded pongs. They leave before the echo of messages that came later. */
	private @Nullable ByteBuf pongs;

	private WebSocketCloseStatus violation = WebSocketCloseStatus.PROTOCOL_ERROR;

	WebSocketMessages(WebSocketSession session, WebSocketSession.Host host, FramingSpec framing, boolean server) {
		this.session = session;
		this.host = host;
		this.framing = framing;
		this.server = server;
		this.encoder = new FrameBytesEncoder(!server);
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.ctx = context;
	}

	private ChannelHandlerContext ctx() {
		return Objects.requireNonNull(this.ctx);
	}

	/**
	 * The handshake is done: adds the handlers of frames before this one.
	 */
	void opened(@Nullable Deflate deflate) {
		this.compressed = deflate != null;
		new FrameHandlers(this.framing.maxMessageSize(), this.server, this.encoder, deflate).addBefore(ctx());
	}

	boolean isServer() {
		return this.server;
	}

	/**
	 * The close code for what the peer did wrong.
	 */
	WebSocketCloseStatus violation() {
		return this.violation;
	}

	void setSingle(boolean single) {
		this.single = single;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
		if (this.host.isClosing() || !(message instanceof WebSocketFrame frame)) {
			ReferenceCountUtil.release(message);
			return;
		}
		if (frame.rsv() != 0) {
			frame.release();
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR,
					"frame with reserved bits " + frame.rsv());
		}
		switch (frame) {
			case TextWebSocketFrame _ -> received(frame, true);
			case BinaryWebSocketFrame _ -> received(frame, false);
			case PingWebSocketFrame _ -> answer(frame);
			case CloseWebSocketFrame close -> closed(close);
			default -> frame.release();
		}
	}

	private void received(WebSocketFrame frame, boolean text) throws Exception {
		int bytes = frame.content().readableBytes();
		if (bytes > this.framing.maxMessageSize()) {
			frame.release();
			throw new TooLongFrameException(
					"message of %d bytes (expected: at most %d)".formatted(bytes, this.framing.maxMessageSize()));
		}
		writePongs();
		this.host.received(bytes);
		if (!this.framing.burst() || this.single || this.compressed || bytes > BURST_PAYLOAD) {
			deliverBurst();
			ctx().fireChannelRead(WebSocketFrames.of(frame.content(), text));
			return;
		}
		try {
			this.burst.add(ctx().alloc(), frame.content(), text);
		}
		finally {
			frame.release();
		}
	}

	private void answer(WebSocketFrame ping) throws Exception {
		deliverBurst();
		this.pongs = this.encoder.append(ctx(), this.pongs, new PongWebSocketFrame(ping.content()));
	}

	private void closed(CloseWebSocketFrame frame) {
		deliver();
		try {
			this.session.closeReceived(frame);
		}
		finally {
			frame.release();
		}
		// Behind the messages that faults hold back
		ctx().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
	}

	/**
	 * A read begins.
	 * @param bytes how many bytes were read
	 */
	void begin(int bytes) {
		this.burst.expect(bytes);
	}

	/**
	 * A read is over: delivers what it has brought.
	 */
	void deliver() {
		deliverBurst();
		writePongs();
	}

	private void deliverBurst() {
		WebSocketFrames frames = this.burst.take();
		if (frames != null) {
			ctx().fireChannelRead(frames);
		}
	}

	private void writePongs() {
		ByteBuf encoded = this.pongs;
		if (encoded != null) {
			this.pongs = null;
			// From here, below the faults for messages
			this.host.writeBeside(() -> ctx().write(encoded, ctx().voidPromise()));
		}
	}

	/**
	 * Writes a frame past all that is for messages, and flushes it.
	 */
	ChannelFuture writeAndFlush(WebSocketFrame frame) {
		return ctx().writeAndFlush(frame);
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		deliver();
		context.fireChannelReadComplete();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		deliver();
		context.fireUserEventTriggered(event);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		deliver();
		Throwable meaning = Violation.of(cause);
		if (meaning instanceof CorruptedWebSocketFrameException violated) {
			this.violation = violated.closeStatus();
		}
		if (meaning != null) {
			context.fireExceptionCaught(meaning);
		}
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		ReferenceCountUtil.release(this.burst.take());
		ReferenceCountUtil.release(this.pongs);
		this.pongs = null;
	}

}
