package dev.socketecho.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CompactionTests {

	private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

	private final ByteBuf large = ALLOCATOR.directBuffer(1000, 1000).writeZero(1000);

	@Test
	void copiesFewBytesOfLargeBuffer() {
		this.large.setByte(7, 42);
		ByteBuf content = Compaction.compact(ALLOCATOR, this.large.slice(7, 499));
		assertThat(this.large.refCnt()).isZero();
		assertThat(ByteBufUtil.getBytes(content)).hasSize(499).startsWith(42);
		assertThat(Compaction.held(content)).isEqualTo(499);
		content.release();
	}

	@Test
	void keepsWhatHoldsNoMoreThanTwiceItsSize() {
		ByteBuf half = this.large.slice(0, 500);
		assertThat(Compaction.compact(ALLOCATOR, half)).isSameAs(half);
		assertThat(half.refCnt()).isOne();
		half.release();
	}

	@Test
	void looksThroughSlicesOfSlices() {
		assertThat(Compaction.held(this.large.slice(10, 600).slice(10, 5))).isEqualTo(1000);
		this.large.release();
	}

}
