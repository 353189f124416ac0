package dev.socketecho.transport.direct;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@SuppressWarnings("deprecation") // the interface of allocators returns this type
class ReceiveAllocatorTests {

	static Stream<Named<Function<BooleanSupplier, RecvByteBufAllocator>>> allocators() {
		return Stream.of(Named.of("shared", SharedReceiveAllocator::new),
				Named.of("pausable", (scarce) -> new PausableReceiveAllocator(true, scarce)));
	}

	@ParameterizedTest
	@MethodSource("allocators")
	void readsAreShortWhileMemoryIsScarce(Function<BooleanSupplier, RecvByteBufAllocator> type) {
		AtomicBoolean scarce = new AtomicBoolean(true);
		EmbeddedChannel channel = new EmbeddedChannel();
		RecvByteBufAllocator.Handle handle = type.apply(scarce::get).newHandle();
		handle.reset(channel.config());
		assertThat(maxCapacity(handle)).isEqualTo(4096);
		scarce.set(false);
		assertThat(maxCapacity(handle)).isGreaterThan(4096);
		channel.finish();
	}

	@ParameterizedTest
	@MethodSource("allocators")
	void pausedConnectionReadsNothing(Function<BooleanSupplier, RecvByteBufAllocator> type) {
		EmbeddedChannel channel = new EmbeddedChannel();
		channel.config().setAutoRead(false);
		RecvByteBufAllocator.Handle handle = type.apply(() -> true).newHandle();
		handle.reset(channel.config());
		assertThatExceptionOfType(PausableReceiveAllocator.ReadsPausedException.class)
			.isThrownBy(() -> handle.allocate(UnpooledByteBufAllocator.DEFAULT));
		channel.finish();
	}

	private static int maxCapacity(RecvByteBufAllocator.Handle handle) {
		ByteBuf buffer = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
		try {
			return buffer.maxCapacity();
		}
		finally {
			buffer.release();
		}
	}

}
