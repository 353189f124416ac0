package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * No frames: one message is all that arrives until the peer closes its side, or whatever
 * is read.
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
