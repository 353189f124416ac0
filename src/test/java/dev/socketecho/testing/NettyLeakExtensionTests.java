package dev.socketecho.testing;

import java.util.List;

import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests that {@link NettyLeakExtension} finds leaks. Each test drains the reports of the
 * leaks it made, so that the extension does not find them again.
 */
@Isolated
class NettyLeakExtensionTests {

	@BeforeEach
	void noLeaksOfOthers() {
		NettyLeaks.verifyNone("an earlier test");
	}

	@Test
	void detectsAllLeaks() {
		assertThat(ResourceLeakDetector.getLevel()).isEqualTo(Level.PARANOID);
	}

	@ParameterizedTest
	@MethodSource("allocators")
	void findsLeakedBuffer(ByteBufAllocator allocator) {
		leak(allocator);
		assertThat(NettyLeaks.drain()).singleElement()
			.asString()
			.startsWith("LEAK: ByteBuf")
			.contains(getClass().getSimpleName() + ".leak(");
		assertThat(NettyLeaks.drain()).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("allocators")
	void failsAfterLeak(ByteBufAllocator allocator) {
		leakAnother(allocator);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> NettyLeaks.verifyNone("some test"))
			.withMessageStartingWith("1 Netty resource leak(s) found after some test")
			.withMessageContaining("leakAnother(");
		assertThatNoException().isThrownBy(() -> NettyLeaks.verifyNone("some test"));
	}

	@ParameterizedTest
	@MethodSource("allocators")
	void acceptsReleasedBuffer(ByteBufAllocator allocator) {
		allocator.buffer().writeInt(1).release();
		assertThat(NettyLeaks.drain()).isEmpty();
	}

	@Test
	void acceptsBufferInUse() {
		ByteBuf buffer = UnpooledByteBufAllocator.DEFAULT.buffer();
		try {
			assertThat(NettyLeaks.drain()).isEmpty();
		}
		finally {
			buffer.release();
		}
	}

	static List<ByteBufAllocator> allocators() {
		return List.of(UnpooledByteBufAllocator.DEFAULT, PooledByteBufAllocator.DEFAULT,
				new AdaptiveByteBufAllocator());
	}

	private static void leak(ByteBufAllocator allocator) {
		allocator.buffer(16).writeInt(1);
	}

	private static void leakAnother(ByteBufAllocator allocator) {
		allocator.buffer(16).writeInt(2);
	}

}
