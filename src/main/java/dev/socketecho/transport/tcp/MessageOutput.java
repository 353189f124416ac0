package dev.socketecho.transport.tcp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import dev.socketecho.codec.Frames;
import dev.socketecho.transport.websocket.WebSocketFrames;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * What one connection sends: the greeting and the messages, in the form that the framing
 * gives them. {@link NettyTcpConnection#send} calls it with each message, and
 * {@link ConnectionOutput} writes the result. With WebSocket the form is
 * {@link WebSocketFrames}; otherwise the bytes are those of the payload.
 * <p>
 * Confined to the connection's event loop.
 */
final class MessageOutput {

	private final NettyTcpConnection connection;

	private final Channel channel;

	private final ConnectionOutput output;

	private final ConnectionEnd end;

	private final @Nullable ByteBuf greeting;

	private @Nullable WebSocketSession webSocket;

	/**
	 * Creates an instance.
	 * @param greeting what is sent first, {@code null} for nothing; other connections
	 * share the memory
	 */
	MessageOutput(NettyTcpConnection connection, ConnectionOutput output, ConnectionEnd end,
			@Nullable ByteBuf greeting) {
		this.connection = connection;
		this.channel = connection.channel();
		this.output = output;
		this.end = end;
		this.greeting = greeting;
	}

	/**
	 * The bytes of a greeting, in memory outside the heap that the garbage collector
	 * frees: all connections send from it, without a copy.
	 */
	static @Nullable ByteBuf greeting(@Nullable String text) {
		if (text == null || text.isEmpty()) {
			return null;
		}
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		ByteBuffer memory = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
		return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(memory));
	}

	/**
	 * Gives the connection a WebSocket, whose handlers are in the pipeline.
	 */
	void setWebSocket(WebSocketSession session) {
		this.webSocket = session;
		this.end.setWebSocket(session);
	}

	/**
	 * The connection's WebSocket, {@code null} if its framing is another one.
	 */
	@Nullable WebSocketSession webSocket() {
		return this.webSocket;
	}

	/**
	 * Writes messages. Once the end of the connection is decided, they are dropped.
	 * @param payload {@link Frames}, or a {@code ByteBuf} that is one message; this takes
	 * over the caller's reference
	 */
	void write(Object payload) {
		if (this.connection.isClosing() || !this.channel.isActive()) {
			ReferenceCountUtil.release(payload);
		}
		else if (this.webSocket != null) {
			WebSocketFrames frames = this.webSocket.outgoing(payload);
			this.output.write(frames.toOutput(), frames.payloadBytes(), frames.count());
		}
		else if (payload instanceof Frames frames) {
			this.output.write(frames.content(), frames.count());
		}
		else {
			this.output.write((ByteBuf) payload, 1);
		}
	}

	/**
	 * Writes what is no message, behind the messages so far. It leaves with the answers
	 * to the read.
	 */
	void writeBeside(Runnable write) {
		this.output.writeBeside(write);
	}

	/**
	 * Sends the server's greeting, if it has one, before any answer. With WebSocket it is
	 * a message, and waits for the handshake.
	 */
	void greet() {
		WebSocketSession session = this.webSocket;
		if (this.greeting == null || this.connection.isClosing() || (session != null && !session.isOpen())) {
			return;
		}
		ByteBuf content = this.greeting.retainedDuplicate();
		int bytes = content.readableBytes();
		this.output.writeUnanswered((session != null) ? session.outgoing(content).toOutput() : content, bytes);
	}

}
