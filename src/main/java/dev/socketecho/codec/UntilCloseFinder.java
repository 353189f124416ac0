package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;

/**
 * One message: all that arrives until the peer closes its side.
 */
final class UntilCloseFinder implements FrameFinder {

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

}
