package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * One or more complete frames, one after the other, as they came from the wire:
 * terminators and headers included. A burst of frames that one read delivered travels as
 * one object, so that what is paid per message (pipeline, flow, metrics, write) is paid
 * once per burst.
 * <p>
 * Reference counted like its content. Whoever takes it out of the pipeline releases it.
 */
public final class Frames extends DefaultByteBufHolder {

	private final int count;

	/**
	 * Creates an instance that takes over the caller's reference to {@code content}.
	 * @param content the frames' bytes
	 * @param count how many frames these bytes are, at least 1
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
