package dev.socketecho.transport.websocket;

import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * Netty's encoder of frames. It stands in the pipeline for messages that travel alone and
 * the close frame, and encodes pongs, which leave together, into one buffer.
 */
final class FrameBytesEncoder extends WebSocket13FrameEncoder {

	/** In bytes: what several pongs take. */
	private static final int BUFFER_SIZE = 1024;

	private final List<Object> parts = new ArrayList<>(2);

	/**
	 * Creates an encoder.
	 * @param masks whether frames are masked, as those of a client have to be
	 */
	FrameBytesEncoder(boolean masks) {
		super(masks);
	}

	/**
	 * Encodes a frame behind others.
	 * @param buffer the frames so far, {@code null} for none; this takes over the
	 * caller's reference
	 * @param frame the frame, which this releases
	 * @return all frames, for the caller to release
	 */
	ByteBuf append(ChannelHandlerContext ctx, @Nullable ByteBuf buffer, WebSocketFrame frame) throws Exception {
		ByteBuf all = buffer;
		try {
			encode(ctx, frame, this.parts);
			if (all == null && this.parts.size() == 1) {
				return (ByteBuf) this.parts.removeFirst();
			}
			if (all == null) {
				all = ctx.alloc().directBuffer(BUFFER_SIZE);
			}
			for (Object part : this.parts) {
				all.writeBytes((ByteBuf) part);
			}
			return all;
		}
		catch (Throwable ex) {
			if (all != null) {
				all.release();
			}
			throw ex;
		}
		finally {
			this.parts.forEach((part) -> ((ByteBuf) part).release());
			this.parts.clear();
			frame.release();
		}
	}

}
