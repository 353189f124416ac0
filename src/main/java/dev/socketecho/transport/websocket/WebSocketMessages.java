package dev.socketecho.transport.websocket;

import java.util.Objects;

import dev.socketecho.codec.FramingSpec;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
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
	private static final int BURST_PAYLOAD = 4096;

	/** In bytes: what a control frame may have, however short messages are. */
	private static final int LONGEST_CONTROL = 125;

	/**
	 * Deflated, a message may be longer than it is: with zlib's least memory by 4 %.
	 */
	private static final int DEFLATE_SHARE = 16;

	/** In bytes, besides the share. */
	private static final int DEFLATE_MARGIN = 1024;

	private final WebSocketSession session;

	private final WebSocketSession.Host host;

	private final FramingSpec framing;

	private final boolean server;

	private final FrameBytesEncoder encoder;

	private @Nullable ChannelHandlerContext ctx;

	private boolean compressed;

	private boolean single;

	/** The burst so far: encoded, and its messages and their payload. */
	private @Nullable ByteBuf burst;

	private int burstCount;

	private int burstBytes;

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
		int longest = longest(this.compressed);
		ChannelPipeline pipeline = ctx().pipeline();
		String name = ctx().name();
		WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
			.expectMaskedFrames(this.server)
			.allowExtensions(this.compressed)
			.maxFramePayloadLength(Math.max(LONGEST_CONTROL, longest))
			.closeOnProtocolViolation(false)
			.build();
		pipeline.addBefore(name, WebSocketHandlers.DECODER, new CompactFrameDecoder(config))
			.addBefore(name, WebSocketHandlers.ENCODER, this.encoder);
		Utf8FrameValidator utf8 = new Utf8FrameValidator(false);
		WebSocketFrameAggregator aggregator = new WebSocketFrameAggregator(longest);
		if (deflate == null) {
			pipeline.addBefore(name, WebSocketHandlers.UTF8, utf8)
				.addBefore(name, WebSocketHandlers.AGGREGATOR, aggregator);
		}
		else {
			// Netty's inflater fails at fragments that end before the first byte is
			// known
			pipeline.addBefore(name, WebSocketHandlers.AGGREGATOR, aggregator)
				.addBefore(name, WebSocketHandlers.INFLATE, deflate.newDecoder())
				.addBefore(name, WebSocketHandlers.DEFLATE, deflate.newEncoder())
				.addBefore(name, WebSocketHandlers.UTF8, utf8);
		}
	}

	/**
	 * The longest message as it may be on the wire, without headers.
	 */
	private int longest(boolean deflated) {
		int most = this.framing.maxMessageSize();
		return deflated ? (int) Math.min(Integer.MAX_VALUE, (long) most + most / DEFLATE_SHARE + DEFLATE_MARGIN) : most;
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
		this.burst = this.encoder.append(ctx(), this.burst, frame);
		this.burstCount++;
		this.burstBytes += bytes;
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
	 * A read is over: delivers what it has brought.
	 */
	void deliver() {
		deliverBurst();
		writePongs();
	}

	private void deliverBurst() {
		ByteBuf encoded = this.burst;
		if (encoded != null) {
			WebSocketFrames frames = WebSocketFrames.burst(encoded, this.burstCount, this.burstBytes);
			this.burst = null;
			this.burstCount = 0;
			this.burstBytes = 0;
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
		// The aggregator throws it for an incomplete message when the channel closes
		if (!(cause instanceof PrematureChannelClosureException)) {
			context.fireExceptionCaught(ofConnection(cause));
		}
	}

	/**
	 * What the exception means to the connection. Too long is a message whatever notices
	 * it: the decoder, the aggregator, or the inflater.
	 */
	private Throwable ofConnection(Throwable cause) {
		if (cause instanceof CorruptedWebSocketFrameException violated) {
			this.violation = violated.closeStatus();
			return this.violation.equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
					? new TooLongFrameException(violated.getMessage(), violated) : violated;
		}
		if (cause instanceof DecompressionException inflating && inflating.getCause() == null) {
			return new TooLongFrameException(inflating.getMessage(), inflating);
		}
		if (cause instanceof DecompressionException || cause.getCause() instanceof CodecException) {
			return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, cause.getMessage());
		}
		return cause;
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) {
		ReferenceCountUtil.release(this.burst);
		ReferenceCountUtil.release(this.pongs);
		this.burst = null;
		this.pongs = null;
	}

}
