package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of the decoders of all framings.
 */
class FrameDecoderTests {

	/** The length limit of most tests. */
	private static final int MAX = 10;

	/**
	 * How a message looks on the wire in each framing that has frames.
	 */
	private enum Wire {

		LINE_LF(Framing.LINE, "", "\n"), LINE_CRLF(Framing.LINE, "", "\r\n"), LF(Framing.LF, "", "\n"),
		CRLF(Framing.CRLF, "", "\r\n"), NUL(Framing.NUL, "", "\0"), STX_ETX(Framing.STX_ETX, "\2", "\3"),
		DELIMITER(Framing.DELIMITER, "", "<EOF>"), LENGTH_1(Framing.LENGTH_1, "#", ""),
		LENGTH_2(Framing.LENGTH_2, "\0#", ""), LENGTH_4(Framing.LENGTH_4, "\0\0\0#", "");

		private final Framing framing;

		private final String before;

		private final String after;

		Wire(Framing framing, String before, String after) {
			this.framing = framing;
			this.before = before;
			this.after = after;
		}

		String of(String message) {
			return this.before.replace('#', (char) message.length()) + message + this.after;
		}

		DecoderChannel channel(boolean burst) {
			return new DecoderChannel(this.framing, MAX, burst);
		}

	}

	@ParameterizedTest
	@EnumSource
	void passesSingleFrameOnWithTerminatorAndHeader(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			channel.read(wire.of("hello"));
			assertThat(channel.taken()).containsExactly("1:" + wire.of("hello"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesFramesOfOneReadOnAsOneBurst(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			channel.read(wire.of("a") + wire.of("") + wire.of("bcd") + wire.of("efg").substring(0, 2));
			assertThat(channel.taken()).containsExactly("3:" + wire.of("a") + wire.of("") + wire.of("bcd"));
			channel.read(wire.of("efg").substring(2) + wire.of("h"));
			assertThat(channel.taken()).containsExactly("2:" + wire.of("efg") + wire.of("h"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesFramesOfOneReadOnOneByOneWithoutBurst(Wire wire) {
		try (DecoderChannel channel = wire.channel(false)) {
			channel.read(wire.of("a") + wire.of("") + wire.of("bcd") + wire.of("efg").substring(0, 2));
			assertThat(channel.taken()).containsExactly("1:" + wire.of("a"), "1:" + wire.of(""), "1:" + wire.of("bcd"));
			channel.read(wire.of("efg").substring(2) + wire.of("h"));
			assertThat(channel.taken()).containsExactly("1:" + wire.of("efg"), "1:" + wire.of("h"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void findsFrameSplitAtAnyPosition(Wire wire) {
		String frame = wire.of("hello");
		for (int at = 1; at < frame.length(); at++) {
			try (DecoderChannel channel = wire.channel(true)) {
				channel.read(frame.substring(0, at));
				assertThat(channel.taken()).as("before the split at %d", at).isEmpty();
				channel.read(frame.substring(at));
				assertThat(channel.taken()).as("after the split at %d", at).containsExactly("1:" + frame);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void takesEmptyMessages(Wire wire) {
		for (boolean burst : new boolean[] { true, false }) {
			try (DecoderChannel channel = wire.channel(burst)) {
				channel.read(wire.of(""));
				channel.read(wire.of(""));
				assertThat(channel.taken()).containsExactly("1:" + wire.of(""), "1:" + wire.of(""));
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void takesMessageOfExactlyTheMaximumInAnySegmentation(Wire wire) {
		String frame = wire.of("x".repeat(MAX));
		for (List<String> segments : Segmentations.of(frame)) {
			for (boolean burst : new boolean[] { true, false }) {
				try (DecoderChannel channel = wire.channel(burst)) {
					assertThatNoException().as("segments %s", segments)
						.isThrownBy(() -> segments.forEach(channel::read));
					assertThat(channel.taken()).containsExactly("1:" + frame);
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void failsOnOneByteMoreThanTheMaximumInAnySegmentation(Wire wire) {
		String frame = wire.of("x".repeat(MAX + 1));
		for (List<String> segments : Segmentations.of(frame)) {
			for (boolean burst : new boolean[] { true, false }) {
				try (DecoderChannel channel = wire.channel(burst)) {
					assertThatExceptionOfType(TooLongFrameException.class).as("segments %s", segments)
						.isThrownBy(() -> segments.forEach(channel::read));
					assertThat(channel.taken()).isEmpty();
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesEarlierFramesOnBeforeItFailsOnTooLongOne(Wire wire) {
		String earlier = wire.of("one") + wire.of("two");
		for (boolean burst : new boolean[] { true, false }) {
			try (DecoderChannel channel = wire.channel(burst)) {
				assertThatExceptionOfType(TooLongFrameException.class)
					.isThrownBy(() -> channel.read(earlier + wire.of("x".repeat(MAX + 1))));
				assertThat(String.join("", channel.taken().stream().map((taken) -> taken.substring(2)).toList()))
					.isEqualTo(earlier);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesEarlierFramesOnBeforeItFailsOnUnfinishedTooLongOne(Wire wire) {
		String earlier = wire.of("one") + wire.of("two");
		String unfinished = wire.of("x".repeat(MAX + 10)).substring(0, MAX + 9);
		for (boolean burst : new boolean[] { true, false }) {
			try (DecoderChannel channel = wire.channel(burst)) {
				assertThatExceptionOfType(TooLongFrameException.class)
					.isThrownBy(() -> channel.read(earlier + unfinished));
				assertThat(String.join("", channel.taken().stream().map((taken) -> taken.substring(2)).toList()))
					.isEqualTo(earlier);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void keepsNothingOfTooLongMessage(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			assertThatExceptionOfType(TooLongFrameException.class)
				.isThrownBy(() -> channel.read(wire.of("x".repeat(MAX + 1))));
			assertThatNoException().as("the end of input after the failure").isThrownBy(channel::endInput);
			assertThat(channel.taken()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesRestOnAsItIsAtTheEndOfInput(Wire wire) {
		String rest = wire.of("rest").substring(0, 4);
		try (DecoderChannel channel = wire.channel(true)) {
			channel.read(wire.of("one") + rest);
			assertThat(channel.taken()).containsExactly("1:" + wire.of("one"));
			channel.endInput();
			assertThat(channel.taken()).containsExactly("1:" + rest);
			channel.breakOff();
			assertThat(channel.taken()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void keepsNoLargeBufferForIncompleteMessage(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			ByteBuf large = PooledByteBufAllocator.DEFAULT.directBuffer(4096);
			large.writeCharSequence(wire.of("one") + wire.of("rest").substring(0, 2), StandardCharsets.ISO_8859_1);
			channel.read(large);
			assertThat(channel.taken()).containsExactly("1:" + wire.of("one"));
			assertThat(large.refCnt()).isZero();
			channel.read(wire.of("rest").substring(2));
			assertThat(channel.taken()).containsExactly("1:" + wire.of("rest"));
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesFramesOnInTheBufferThatTheyAreAllOf(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			ByteBuf whole = PooledByteBufAllocator.DEFAULT.directBuffer();
			whole.writeCharSequence(wire.of("one") + wire.of("two"), StandardCharsets.ISO_8859_1);
			channel.read(whole);
			assertThat(channel.takeContent()).isSameAs(whole);
			whole.release();
		}
	}

	@ParameterizedTest
	@EnumSource
	void passesNothingOnAtTheEndOfInputWithoutRest(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			channel.read(wire.of("one"));
			assertThat(channel.taken()).hasSize(1);
			channel.endInput();
			assertThat(channel.taken()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void dropsRestOfBrokenConnection(Wire wire) {
		try (DecoderChannel channel = wire.channel(true)) {
			channel.read(wire.of("one") + wire.of("rest").substring(0, 4));
			assertThat(channel.taken()).hasSize(1);
			channel.breakOff();
			assertThat(channel.taken()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "LINE_LF", "CRLF", "STX_ETX", "DELIMITER" })
	void findsEndOfLongMessageInSingleBytesWithoutSearchingAllOfItAgain(Wire wire) {
		// Searched from its start at each byte, this would be 500 GB to search
		int size = 1_000_000;
		byte[] frame = wire.of("a".repeat(size)).getBytes(StandardCharsets.ISO_8859_1);
		FramingSpec spec = new FramingSpec(wire.framing, (wire.framing == Framing.DELIMITER) ? "<EOF>" : null, size,
				true);
		try (DecoderChannel channel = DecoderChannel.withoutLeakDetection(spec)) {
			for (byte each : frame) {
				channel.read(new byte[] { each });
			}
			assertThat(channel.take()).singleElement()
				.satisfies((taken) -> assertThat(Arrays.equals(taken.bytes(), frame)).isTrue());
		}
	}

	@Test
	void hasNoDecoderWithoutFraming() {
		assertThat(new FramingSpec(Framing.NONE, null, 1, true).newDecoder()).isNull();
	}

	@ParameterizedTest
	@ValueSource(ints = { Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE - 14, Integer.MAX_VALUE })
	void rejectsMaximumThatNoBufferCanHave(int maxMessageSize) {
		assertThatIllegalArgumentException().isThrownBy(() -> new FramingSpec(Framing.LINE, null, maxMessageSize, true))
			.withMessageContaining(String.valueOf(maxMessageSize));
	}

	@Test
	void rejectsDelimiterFramingWithoutDelimiter() {
		assertThatIllegalArgumentException().isThrownBy(() -> new FramingSpec(Framing.DELIMITER, null, 1, true))
			.withMessageContaining("delimiter");
		assertThatIllegalArgumentException().isThrownBy(() -> new FramingSpec(Framing.DELIMITER, "", 1, true))
			.withMessageContaining("delimiter");
	}

	@Test
	void everyFramingWithFramesIsTested() {
		List<Framing> framed = Stream.of(Framing.values())
			.filter((framing) -> framing.boundary() == Framing.Boundary.FRAME && framing.needsDecoder())
			.toList();
		assertThat(Wire.values()).extracting((wire) -> wire.framing).containsAll(framed);
	}

}
