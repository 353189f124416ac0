package dev.socketecho.transport.websocket;

import java.util.List;

import dev.socketecho.codec.Compaction;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;

/**
 * Netty's decoder of frames, whose incomplete frame does not keep the large buffer in
 * memory that it was read into.
 */
final class CompactFrameDecoder extends WebSocket13FrameDecoder {

	CompactFrameDecoder(WebSocketDecoderConfig config) {
		super(config);
		setCumulator((allocator, kept, read) -> (read == Unpooled.EMPTY_BUFFER) ? Compaction.compact(allocator, kept)
				: MERGE_CUMULATOR.cumulate(allocator, kept, read));
	}

	/**
	 * The bits are those of the message, so only its first frame may have some (RFC 7692,
	 * 6.1). The aggregator would forget those of the others.
	 */
	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
		super.decode(ctx, in, out);
		if (!out.isEmpty() && out.getLast() instanceof ContinuationWebSocketFrame frame && frame.rsv() != 0) {
			out.removeLast();
			frame.release();
			throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR,
					"continuation with reserved bits " + frame.rsv());
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
		super.channelRead(ctx, message);
		if (message instanceof ByteBuf && actualReadableBytes() > 0
				&& Compaction.held(internalBuffer()) > 2 * actualReadableBytes()) {
			// Calls the cumulator, which replaces the buffer.
			super.channelRead(ctx, Unpooled.EMPTY_BUFFER);
		}
	}

}
