package dev.socketecho.transport.websocket;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.Utf8FrameValidator;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import org.jspecify.annotations.Nullable;

/**
 * Netty's handlers of frames, for {@link WebSocketMessages}.
 *
 * @param maxMessageSize the longest message in bytes, put together and inflated
 * @param server whether this is a server, to which frames come masked
 * @param encoder the encoder
 * @param deflate the compression, {@code null} for none
 */
record FrameHandlers(int maxMessageSize, boolean server, ChannelHandler encoder, @Nullable Deflate deflate) {

	/** In bytes: what a control frame may have, however short messages are. */
	private static final int LONGEST_CONTROL = 125;

	/**
	 * Deflated, a message may be longer than it is: with zlib's least memory by 4 %.
	 */
	private static final int DEFLATE_SHARE = 16;

	/** In bytes, besides the share. */
	private static final int DEFLATE_MARGIN = 1024;

	/**
	 * Adds the handlers before the last one of the WebSocket.
	 */
	void addBefore(ChannelHandlerContext last) {
		ChannelPipeline pipeline = last.pipeline();
		String name = last.name();
		int longest = longestOnWire();
		WebSocketDecoderConfig config = WebSocketDecoderConfig.newBuilder()
			.expectMaskedFrames(this.server)
			.allowExtensions(this.deflate != null)
			.maxFramePayloadLength(Math.max(LONGEST_CONTROL, longest))
			.closeOnProtocolViolation(false)
			.build();
		Utf8FrameValidator utf8 = new Utf8FrameValidator(false);
		WebSocketFrameAggregator aggregator = new WebSocketFrameAggregator(longest);
		pipeline.addBefore(name, WebSocketHandlers.DECODER, new CompactFrameDecoder(config))
			.addBefore(name, WebSocketHandlers.ENCODER, this.encoder);
		if (this.deflate == null) {
			pipeline.addBefore(name, WebSocketHandlers.UTF8, utf8)
				.addBefore(name, WebSocketHandlers.AGGREGATOR, aggregator);
		}
		else {
			// Netty's inflater fails at a fragment in which no byte is complete.
			pipeline.addBefore(name, WebSocketHandlers.AGGREGATOR, aggregator)
				.addBefore(name, WebSocketHandlers.INFLATE, this.deflate.newDecoder())
				.addBefore(name, WebSocketHandlers.DEFLATE, this.deflate.newEncoder())
				.addBefore(name, WebSocketHandlers.UTF8, utf8);
		}
	}

	/**
	 * The longest message as it may be on the wire, without headers.
	 */
	private int longestOnWire() {
		int most = this.maxMessageSize;
		return (this.deflate == null) ? most
				: (int) Math.min(Integer.MAX_VALUE, (long) most + most / DEFLATE_SHARE + DEFLATE_MARGIN);
	}

}
