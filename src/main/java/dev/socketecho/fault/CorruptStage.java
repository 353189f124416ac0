package dev.socketecho.fault;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Corrupt}: bytes of each chunk are changed.
 */
final class CorruptStage extends Stage {

	private final int bytes;

	CorruptStage(ActiveFault fault, FaultLine line, @Nullable Draw connection, int bytes) {
		super(fault, line, connection);
		this.bytes = bytes;
	}

	@Override
	void pass(Chunk chunk) {
		Draw draw = draw(chunk);
		if (draw == null) {
			passOn(chunk);
			return;
		}
		ByteBuf content = chunk.content();
		ByteBuf copy;
		try {
			copy = line().alloc()
				.directBuffer(chunk.length())
				.writeBytes(content, content.readerIndex(), chunk.length());
		}
		finally {
			content.release();
		}
		fault().inject(draw.corrupt(copy, this.bytes));
		passOn(chunk.with(copy));
	}

}
