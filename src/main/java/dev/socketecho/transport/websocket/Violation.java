package dev.socketecho.transport.websocket;

import io.netty.handler.codec.CodecException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.compression.DecompressionException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import org.jspecify.annotations.Nullable;

/**
 * What the exceptions of Netty's handlers mean to a connection.
 */
final class Violation {

	private Violation() {
	}

	/**
	 * Translates an exception. Too long is a message whatever notices it: the decoder,
	 * the aggregator, or the inflater.
	 * @param cause what a handler has thrown
	 * @return a {@link TooLongFrameException}; a {@link CorruptedWebSocketFrameException}
	 * with the close code if the peer broke the protocol otherwise; {@code cause} if that
	 * is not the matter; {@code null} if nothing is
	 */
	static @Nullable Throwable of(Throwable cause) {
		if (cause instanceof PrematureChannelClosureException) {
			// The aggregator has an incomplete message when the channel closes.
			return null;
		}
		if (cause instanceof CorruptedWebSocketFrameException violated) {
			return violated.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
					? new TooLongFrameException(violated.getMessage(), violated) : violated;
		}
		if (cause instanceof DecompressionException inflating && inflating.getCause() == null) {
			// The inflater's buffer is full.
			return new TooLongFrameException(inflating.getMessage(), inflating);
		}
		if (cause instanceof DecompressionException || cause.getCause() instanceof CodecException) {
			return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, cause.getMessage());
		}
		return cause;
	}

}
