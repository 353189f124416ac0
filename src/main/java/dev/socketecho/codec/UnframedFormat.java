package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * No frames: the message has neither header nor terminator. It ends with the read, or
 * with the peer's input, as {@link Framing#boundary} says.
 */
final class UnframedFormat implements FrameFormat {

	@Override
	public int frameEnd(ByteBuf in, int start, int searched) {
		return NONE;
	}

	@Override
	public int messageLength(ByteBuf in, int start, int end) {
		return end - start;
	}

	@Override
	public long pendingLength(ByteBuf in) {
		return in.readableBytes();
	}

	@Override
	public boolean isComplete(ByteBuf frame) {
		return true;
	}

	@Override
	public void write(ByteBuf frame, byte[] message) {
		frame.writeBytes(message);
	}

}
