package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * One or more complete frames, one after the other, with their terminators and headers as
 * they came from the wire: the payload of a message in the flow. All frames of one read
 * travel as one message, so that the cost of a message (pipeline, flow, metrics, write)
 * is paid once per read.
 * <p>
 * Reference counted like its content. The connection releases it when the flow returns.
 * WebSocket messages are a subclass, whose content has no headers of frames.
 */
public class Frames extends DefaultByteBufHolder {

	private final int count;

	/**
	 * Creates an instance.
	 * @param content the frames' bytes; this takes over the caller's reference
	 * @param count the number of frames, at least 1
	 */
	public Frames(ByteBuf content, int count) {
		super(content);
		this.count = count;
	}

	/**
	 * Returns the number of frames.
	 * @return at least 1
	 */
	public int count() {
		return this.count;
	}

	@Override
	public Frames replace(ByteBuf content) {
		return new Frames(content, this.count);
	}

	@Override
	public boolean equals(Object other) {
		return super.equals(other) && ((Frames) other).count == this.count;
	}

	@Override
	public int hashCode() {
		return 31 * super.hashCode() + this.count;
	}

}
