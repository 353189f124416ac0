package dev.socketecho.codec;

import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ByteSearchTests {

	private static final ByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void findsTheFirstOneOfAnyRange(boolean direct) {
		Random random = new Random(1);
		byte[] bytes = new byte[300];
		random.nextBytes(bytes);
		ByteBuf in = direct ? ALLOCATOR.directBuffer(bytes.length) : ALLOCATOR.heapBuffer(bytes.length);
		try {
			in.writeBytes(bytes);
			for (int i = 0; i < 20_000; i++) {
				int from = random.nextInt(bytes.length + 1);
				int to = random.nextInt(from, bytes.length + 1);
				byte value = (byte) random.nextInt(256);
				assertThat(ByteSearch.indexOf(in, from, to, value)).as("%d in %d to %d", value, from, to)
					.isEqualTo(firstIndex(bytes, from, to, value));
			}
		}
		finally {
			in.release();
		}
	}

	private static int firstIndex(byte[] bytes, int from, int to, byte value) {
		for (int i = from; i < to; i++) {
			if (bytes[i] == value) {
				return i;
			}
		}
		return -1;
	}

	@Test
	void countsFromTheBeginningOfSlice() {
		ByteBuf in = ALLOCATOR.directBuffer().writeBytes(new byte[] { 9, 1, 2, 9 });
		try {
			assertThat(ByteSearch.indexOf(in.slice(1, 3), 0, 3, (byte) 9)).isEqualTo(2);
			assertThat(ByteSearch.indexOf(in.slice(1, 2), 0, 2, (byte) 9)).isEqualTo(-1);
		}
		finally {
			in.release();
		}
	}

	@Test
	void searchesNothingOutsideTheBuffer() {
		ByteBuf in = ALLOCATOR.directBuffer(16, 16);
		try {
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> ByteSearch.indexOf(in, 0, 17, (byte) 1));
			assertThatExceptionOfType(IndexOutOfBoundsException.class)
				.isThrownBy(() -> ByteSearch.indexOf(in, -1, 16, (byte) 1));
			assertThat(ByteSearch.indexOf(Unpooled.EMPTY_BUFFER, 0, 0, (byte) 1)).isEqualTo(-1);
		}
		finally {
			in.release();
		}
	}

}
