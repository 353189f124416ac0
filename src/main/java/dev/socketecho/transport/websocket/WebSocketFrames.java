package dev.socketecho.transport.websocket;

import dev.socketecho.codec.Frames;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;

/**
 * WebSocket messages in the flow: one message with its payload as content, or a burst.
 * The content of a burst is what its echo is on the wire: small messages that one read
 * has brought, encoded one after the other, so that they cost one message of the flow and
 * one write.
 */
public final class WebSocketFrames extends Frames {

	private final Kind kind;

	private final int payloadBytes;

	private WebSocketFrames(ByteBuf content, int count, Kind kind, int payloadBytes) {
		super(content, count);
		this.kind = kind;
		this.payloadBytes = payloadBytes;
	}

	/**
	 * Creates the payload of one message.
	 * @param content the payload; this takes over the caller's reference
	 * @param text whether it is a text message
	 */
	static WebSocketFrames of(ByteBuf content, boolean text) {
		return new WebSocketFrames(content, 1, text ? Kind.TEXT : Kind.BINARY, content.readableBytes());
	}

	/**
	 * Creates a burst.
	 * @param encoded the encoded messages; this takes over the caller's reference
	 * @param count how many messages they are
	 * @param payloadBytes how many bytes their payload has
	 */
	static WebSocketFrames burst(ByteBuf encoded, int count, int payloadBytes) {
		return new WebSocketFrames(encoded, count, Kind.BURST, payloadBytes);
	}

	/**
	 * Returns how many bytes the payload of all messages has.
	 * @return the number of bytes, without headers, not deflated
	 */
	public int payloadBytes() {
		return this.payloadBytes;
	}

	/**
	 * Returns what is to be written to the pipeline.
	 * @return the bytes of a burst, or a frame that is still to be encoded; it has the
	 * caller's reference
	 */
	public Object toOutput() {
		return switch (this.kind) {
			case TEXT -> frame(content(), true);
			case BINARY -> frame(content(), false);
			case BURST -> content();
		};
	}

	static WebSocketFrame frame(ByteBuf payload, boolean text) {
		return text ? new TextWebSocketFrame(payload) : new BinaryWebSocketFrame(payload);
	}

	@Override
	public WebSocketFrames replace(ByteBuf content) {
		return new WebSocketFrames(content, count(), this.kind,
				(this.kind == Kind.BURST) ? this.payloadBytes : content.readableBytes());
	}

	@Override
	public boolean equals(Object other) {
		return super.equals(other) && ((WebSocketFrames) other).kind == this.kind;
	}

	@Override
	public int hashCode() {
		return 31 * super.hashCode() + this.kind.hashCode();
	}

	private enum Kind {

		TEXT, BINARY, BURST

	}

}
