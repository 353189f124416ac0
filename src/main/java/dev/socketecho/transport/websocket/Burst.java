package dev.socketecho.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * The small messages of one read, encoded one behind the other as a server echoes them:
 * each a final frame without mask. Netty's encoder would take a buffer for each frame,
 * which costs more than all the rest of its encoding.
 */
final class Burst {

	private static final int FINAL_TEXT = 0x81;

	private static final int FINAL_BINARY = 0x82;

	/** The longest payload whose length is in the second byte, in bytes. */
	private static final int LONGEST_SHORT = 125;

	/** In place of a length: it is in the next two bytes. */
	private static final int TWO_BYTES = 126;

	/** In bytes. A buffer is not larger when it is created. */
	private static final int MOST = 64 * 1024;

	private @Nullable ByteBuf encoded;

	private int count;

	private int payloadBytes;

	private int expected;

	/**
	 * A read begins.
	 * @param bytes how many bytes were read; the echo will hardly be longer
	 */
	void expect(int bytes) {
		this.expected = Math.min(bytes, MOST);
	}

	/**
	 * Adds a message.
	 * @param payload its payload, up to 65,535 bytes; its indices stay, and it is not
	 * released
	 * @param text whether it is a text message
	 */
	void add(ByteBufAllocator allocator, ByteBuf payload, boolean text) {
		ByteBuf all = this.encoded;
		if (all == null) {
			all = allocator.directBuffer(this.expected);
			this.encoded = all;
		}
		int length = payload.readableBytes();
		all.writeByte(text ? FINAL_TEXT : FINAL_BINARY);
		if (length <= LONGEST_SHORT) {
			all.writeByte(length);
		}
		else {
			all.writeByte(TWO_BYTES).writeShort(length);
		}
		all.writeBytes(payload, payload.readerIndex(), length);
		this.count++;
		this.payloadBytes += length;
	}

	/**
	 * Takes all messages.
	 * @return the messages, {@code null} if there are none
	 */
	@Nullable WebSocketFrames take() {
		ByteBuf all = this.encoded;
		if (all == null) {
			return null;
		}
		WebSocketFrames frames = WebSocketFrames.burst(all, this.count, this.payloadBytes);
		this.encoded = null;
		this.count = 0;
		this.payloadBytes = 0;
		return frames;
	}

}
