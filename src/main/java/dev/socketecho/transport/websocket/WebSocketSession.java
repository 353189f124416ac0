package dev.socketecho.transport.websocket;

import java.nio.charset.StandardCharsets;

import dev.socketecho.codec.Frames;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import org.jspecify.annotations.Nullable;

/**
 * WebSocket on one connection, a server's or a client's. The connection asks it what to
 * write, and lets it say goodbye before FIN. A server's session begins with the
 * handshake; a client's when {@link WebSocketClientOpening} has done it.
 * <p>
 * Confined to the connection's event loop.
 */
public final class WebSocketSession {

	/** Close codes that say nothing about why, and never are on the wire. */
	private static final int NO_CODE = -1;

	private final WebSocketInput input;

	private final WebSocketMessages messages;

	private boolean open;

	/** The code of the peer's close frame. */
	private int peerCode = NO_CODE;

	private boolean peerClosed;

	private boolean closed;

	private WebSocketSession(Host host, FramingSpec framing, boolean server) {
		this.messages = new WebSocketMessages(this, host, framing, server);
		this.input = new WebSocketInput(this.messages);
	}

	/**
	 * Adds the handlers of a connection. A server's session is open when the handshake is
	 * done, a client's at once, since its handshake is done before.
	 * @param pipeline the pipeline
	 * @param name the name of the last of them
	 * @param framing the longest message, and whether messages may travel together
	 * @param server whether this is a server
	 * @param host the connection
	 * @return the session
	 */
	public static WebSocketSession add(ChannelPipeline pipeline, String name, FramingSpec framing, boolean server,
			Host host) {
		WebSocketSession session = new WebSocketSession(host, framing, server);
		pipeline.addLast(WebSocketHandlers.INPUT, session.input);
		if (server) {
			WebSocketServerOpening.add(pipeline, session, host, framing);
		}
		pipeline.addLast(name, session.messages);
		if (!server) {
			session.opened(null);
		}
		return session;
	}

	/**
	 * The handshake is done: adds the handlers of frames.
	 * @param deflate the compression that was agreed on, {@code null} for none
	 */
	void opened(@Nullable Deflate deflate) {
		this.open = true;
		this.messages.opened(deflate);
	}

	/**
	 * Returns whether the handshake is done and no close frame was sent.
	 * @return whether messages can be sent
	 */
	public boolean isOpen() {
		return this.open && !this.closed;
	}

	/**
	 * Returns whether the peer has sent a close frame. The pipeline is told of it as of
	 * the end of the input.
	 * @return whether it has
	 */
	public boolean isPeerClosed() {
		return this.peerClosed;
	}

	/**
	 * Returns how many bytes were read, with all headers, frames that are no messages,
	 * and frames that are incomplete.
	 * @return the number of bytes since the connection opened, TLS decrypted
	 */
	public long bytesRead() {
		return this.input.bytesRead();
	}

	/**
	 * Makes each message travel alone, or as the server was configured.
	 * @param single whether each travels alone
	 */
	public void setSingle(boolean single) {
		this.messages.setSingle(single);
	}

	/**
	 * Makes a message of bytes: a text message if they are UTF-8, otherwise a binary one.
	 * @param payload the bytes; this takes over the caller's reference
	 * @return the message
	 */
	public WebSocketFrames message(ByteBuf payload) {
		return WebSocketFrames.of(payload, ByteBufUtil.isText(payload, StandardCharsets.UTF_8));
	}

	/**
	 * Sends a close frame, if there was none yet, and flushes it.
	 * @param reason why the connection ends
	 * @return completes when it was handed to the socket; {@code null} if none is sent,
	 * since the handshake is not done, the peer has ended its side without one, or a
	 * fault ends the connection
	 */
	public @Nullable ChannelFuture close(CloseReason reason) {
		if (!isOpen() || reason == CloseReason.FAULT || (reason == CloseReason.CLIENT_CLOSED && !this.peerClosed)) {
			return null;
		}
		this.closed = true;
		return this.messages.writeAndFlush(closeFrame(reason));
	}

	private CloseWebSocketFrame closeFrame(CloseReason reason) {
		if (this.peerClosed) {
			return (this.peerCode == NO_CODE) ? new CloseWebSocketFrame() : new CloseWebSocketFrame(this.peerCode, "");
		}
		return new CloseWebSocketFrame(switch (reason) {
			case REPLY_COMPLETE -> WebSocketCloseStatus.NORMAL_CLOSURE;
			case MESSAGE_TOO_LONG -> WebSocketCloseStatus.MESSAGE_TOO_BIG;
			case PROTOCOL_ERROR -> this.messages.violation();
			case ERROR -> WebSocketCloseStatus.INTERNAL_SERVER_ERROR;
			default -> this.messages.isServer() ? WebSocketCloseStatus.ENDPOINT_UNAVAILABLE
					: WebSocketCloseStatus.NORMAL_CLOSURE;
		});
	}

	/**
	 * The peer has sent a close frame.
	 */
	void closeReceived(CloseWebSocketFrame frame) {
		this.peerClosed = true;
		this.peerCode = frame.statusCode();
	}

	/**
	 * What is written for messages, by the connection's output.
	 * @param payload the payload of a message of the flow: {@link WebSocketFrames},
	 * {@link Frames} with one message, or {@code ByteBuf}
	 * @return the frames
	 */
	public WebSocketFrames outgoing(Object payload) {
		return switch (payload) {
			case WebSocketFrames frames -> frames;
			case Frames frames -> message(frames.content());
			default -> message((ByteBuf) payload);
		};
	}

	/**
	 * The connection, as its WebSocket sees it.
	 */
	public interface Host {

		/**
		 * Returns whether the end of the connection is decided, so that input is
		 * discarded.
		 * @return whether it ends
		 */
		boolean isClosing();

		/**
		 * The handshake of a server is done.
		 */
		void opened();

		/**
		 * A message was received.
		 * @param bytes how many bytes its payload has, inflated
		 */
		void received(int bytes);

		/**
		 * Has frames written that are no messages, behind the messages so far. They leave
		 * with the answers to the read.
		 * @param write writes them to the channel
		 */
		void writeBeside(Runnable write);

	}

}
