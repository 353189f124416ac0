package dev.socketecho.fault;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * What travels through a {@link FaultLine}: bytes, a mark that keeps its place among them
 * (an empty write whose promise somebody waits for), or the end of the input or the
 * output.
 *
 * @param content the bytes; empty for a mark and for the end
 * @param holder what the bytes came in, such as frames; {@code null} if in nothing
 * @param promise what is told when the bytes have left; {@code null} for nobody
 * @param end whether it is that end
 */
record Chunk(ByteBuf content, @Nullable ByteBufHolder holder, @Nullable ChannelPromise promise, boolean end) {

	static final Chunk END = new Chunk(Unpooled.EMPTY_BUFFER, null, null, true);

	/**
	 * Takes a message of the pipeline over.
	 * @param message a {@code ByteBuf}, or a holder of one
	 */
	static Chunk of(Object message, @Nullable ChannelPromise promise) {
		return (message instanceof ByteBufHolder holder) ? new Chunk(holder.content(), holder, promise, false)
				: new Chunk((ByteBuf) message, null, promise, false);
	}

	/**
	 * What goes on in the pipeline.
	 */
	Object message() {
		// The holder's own content may be released by now, and then cannot be asked for.
		return (this.holder != null) ? this.holder.replace(this.content) : this.content;
	}

	boolean isMark() {
		return !this.content.isReadable();
	}

	int length() {
		return this.content.readableBytes();
	}

	/**
	 * Cuts the first bytes off. The promise stays with the last of them.
	 * @param bytes how many, fewer than there are
	 */
	Chunk cut(int bytes) {
		return new Chunk(this.content.readRetainedSlice(bytes), this.holder, null, false);
	}

	Chunk with(ByteBuf other) {
		return new Chunk(other, this.holder, this.promise, this.end);
	}

	/**
	 * Throws it away. Who waits for it is told that it is done: there is nothing to mend.
	 */
	void discard() {
		this.content.release();
		if (this.promise != null && !this.promise.isVoid()) {
			this.promise.trySuccess();
		}
	}

}
