package dev.socketecho.fault;

import java.util.BitSet;
import java.util.random.RandomGenerator;

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
		fault().inject(corrupt(copy, this.bytes, draw));
		passOn(chunk.with(copy));
	}

	/**
	 * Changes bytes, none twice, and none to what it was.
	 * @return how many: all, if there are fewer than were asked for
	 */
	static int corrupt(ByteBuf content, int bytes, RandomGenerator random) {
		int length = content.readableBytes();
		int count = Math.min(bytes, length);
		BitSet changed = new BitSet();
		// Floyd's way to draw so many different places:
		// https://doi.org/10.1145/30401.315746
		for (int last = length - count; last < length; last++) {
			int place = random.nextInt(last + 1);
			int index = changed.get(place) ? last : place;
			changed.set(index);
			int at = content.readerIndex() + index;
			content.setByte(at, content.getByte(at) ^ (1 + random.nextInt(255)));
		}
		return count;
	}

}
