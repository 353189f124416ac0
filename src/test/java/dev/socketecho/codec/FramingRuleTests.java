package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of what the decoder of a single framing does and others do not: delimiters, ends
 * of lines, lengths, STX, and the end of the input.
 */
class FramingRuleTests {

	/** The length limit of most tests. */
	private static final int MAX = 10;

	@ParameterizedTest
	@CsvSource({ "aab", "<EOF>", "aaa", "abab", "\u00e4" })
	void findsDelimiterWhereverMessageAndDelimiterAreSplit(String delimiter) {
		byte[] end = delimiter.getBytes(StandardCharsets.UTF_8);
		String ending = new String(end, StandardCharsets.ISO_8859_1);
		for (String message : List.of("", "a", "ab", "xa", "<", "<EO", "<<EOF", "b<E<EO", "aba")) {
			String all = message + ending;
			if (all.indexOf(ending) != message.length()) {
				continue;
			}
			for (List<String> segments : Segmentations.of(all + all)) {
				try (DecoderChannel channel = new DecoderChannel(
						new FramingSpec(Framing.DELIMITER, delimiter, MAX, false))) {
					segments.forEach(channel::read);
					assertThat(channel.taken()).as("segments %s", segments).containsExactly("1:" + all, "1:" + all);
				}
			}
		}
	}

	@Test
	void endsAtTheFirstOfOverlappingDelimiters() {
		for (List<String> segments : Segmentations.of("aaabaab")) {
			try (DecoderChannel channel = new DecoderChannel(new FramingSpec(Framing.DELIMITER, "aab", MAX, false))) {
				segments.forEach(channel::read);
				assertThat(channel.taken()).as("segments %s", segments).containsExactly("1:aaab", "1:aab");
			}
		}
	}

	@Test
	void failsOnRestThatIsTooLongThoughItMightHaveBecomeDelimiter() {
		try (DecoderChannel channel = new DecoderChannel(Framing.DELIMITER, MAX, true)) {
			channel.read("x".repeat(MAX) + "<EOF");
			assertThat(channel.taken()).isEmpty();
			assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(channel::endInput);
			assertThat(channel.taken()).isEmpty();
		}
	}

	@Test
	void takesCarriageReturnInLineAsPartOfTheMessage() {
		try (DecoderChannel channel = new DecoderChannel(Framing.LINE, MAX, false)) {
			channel.read("a\rb\n\r\r\n\n");
			assertThat(channel.taken()).containsExactly("1:a\rb\n", "1:\r\r\n", "1:\n");
		}
	}

	@Test
	void countsCarriageReturnBeforeLineFeedInLfFraming() {
		try (DecoderChannel channel = new DecoderChannel(Framing.LF, MAX, true)) {
			channel.read("x".repeat(MAX - 1) + "\r\n");
			assertThat(channel.taken()).hasSize(1);
			assertThatExceptionOfType(TooLongFrameException.class)
				.isThrownBy(() -> channel.read("x".repeat(MAX) + "\r\n"));
		}
	}

	@Test
	void doesNotEndCrlfMessageAtLoneLineFeed() {
		try (DecoderChannel channel = new DecoderChannel(Framing.CRLF, MAX, false)) {
			channel.read("a\nb\rc\r");
			assertThat(channel.taken()).isEmpty();
			channel.read("\n");
			assertThat(channel.taken()).containsExactly("1:a\nb\rc\r\n");
		}
	}

	@Test
	void failsOnLineWithCarriageReturnBehindTheMaximumThatEndsNoLine() {
		try (DecoderChannel channel = new DecoderChannel(Framing.LINE, MAX, true)) {
			channel.read("x".repeat(MAX) + "\r");
			assertThat(channel.taken()).isEmpty();
			assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(() -> channel.read("x"));
		}
	}

	static Stream<Arguments> headersOverTheLimit() {
		return Stream.of(Arguments.of(Framing.LENGTH_1, new byte[] { 11 }),
				Arguments.of(Framing.LENGTH_1, new byte[] { -1 }), Arguments.of(Framing.LENGTH_2, new byte[] { 0, 11 }),
				Arguments.of(Framing.LENGTH_2, new byte[] { -1, -1 }),
				Arguments.of(Framing.LENGTH_4, new byte[] { 0, 0, 0, 11 }),
				Arguments.of(Framing.LENGTH_4, new byte[] { 127, -1, -1, -1 }),
				Arguments.of(Framing.LENGTH_4, new byte[] { -128, 0, 0, 0 }),
				Arguments.of(Framing.LENGTH_4, new byte[] { -1, -1, -1, -1 }));
	}

	@ParameterizedTest
	@MethodSource("headersOverTheLimit")
	void failsOnLengthOverTheLimitWithoutWaitingForThePayload(Framing framing, byte[] header) {
		for (boolean burst : new boolean[] { true, false }) {
			try (DecoderChannel channel = new DecoderChannel(framing, MAX, burst)) {
				assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(() -> channel.read(header));
			}
		}
	}

	@Test
	void failsOnLengthOfTwoGigabytesAndMoreWhateverTheLimit() {
		int longest = Integer.MAX_VALUE - 15;
		for (byte[] header : List.of(new byte[] { -128, 0, 0, 0 }, new byte[] { -1, -1, -1, -1 },
				new byte[] { 127, -1, -1, -14 })) {
			try (DecoderChannel channel = new DecoderChannel(Framing.LENGTH_4, longest, true)) {
				assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(() -> channel.read(header));
			}
		}
	}

	@Test
	void waitsForPayloadOfTheLongestMessageThereMayBe() {
		try (DecoderChannel channel = new DecoderChannel(Framing.LENGTH_4, Integer.MAX_VALUE - 15, true)) {
			assertThatNoException().isThrownBy(() -> channel.read(new byte[] { 127, -1, -1, -16, 1, 2, 3 }));
			assertThat(channel.taken()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "\3", "x\2a\3", "\n" })
	void failsOnGarbageBeforeStx(String garbage) {
		try (DecoderChannel channel = new DecoderChannel(Framing.STX_ETX, MAX, true)) {
			assertThatExceptionOfType(CorruptedFrameException.class).isThrownBy(() -> channel.read(garbage))
				.withMessageContaining("0x%02x".formatted((int) garbage.charAt(0)));
			assertThat(channel.taken()).isEmpty();
		}
	}

	@Test
	void passesEarlierFramesOnBeforeItFailsOnGarbage() {
		for (boolean burst : new boolean[] { true, false }) {
			try (DecoderChannel channel = new DecoderChannel(Framing.STX_ETX, MAX, burst)) {
				assertThatExceptionOfType(CorruptedFrameException.class).isThrownBy(() -> channel.read("\2a\3x\2b\3"));
				assertThat(channel.taken()).containsExactly("1:\2a\3");
			}
		}
	}

	@Test
	void takesStxInMessage() {
		try (DecoderChannel channel = new DecoderChannel(Framing.STX_ETX, MAX, true)) {
			channel.read("\2a\2b\3");
			assertThat(channel.taken()).containsExactly("1:\2a\2b\3");
		}
	}

	@Test
	void passesAllOnAtTheEndOfInputInUntilCloseFraming() {
		try (DecoderChannel channel = new DecoderChannel(Framing.UNTIL_CLOSE, MAX, true)) {
			channel.read("hello");
			channel.read("world");
			assertThat(channel.taken()).isEmpty();
			channel.endInput();
			assertThat(channel.taken()).containsExactly("1:helloworld");
		}
	}

	@Test
	void passesNothingOnInUntilCloseFramingIfNothingCameOrTheConnectionBroke() {
		try (DecoderChannel channel = new DecoderChannel(Framing.UNTIL_CLOSE, MAX, true)) {
			channel.endInput();
			assertThat(channel.taken()).isEmpty();
		}
		try (DecoderChannel channel = new DecoderChannel(Framing.UNTIL_CLOSE, MAX, true)) {
			channel.read("hello");
			channel.breakOff();
			assertThat(channel.taken()).isEmpty();
		}
	}

	@Test
	void failsInUntilCloseFramingAsSoonAsTheMessageIsTooLong() {
		try (DecoderChannel channel = new DecoderChannel(Framing.UNTIL_CLOSE, MAX, true)) {
			channel.read("x".repeat(MAX));
			assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(() -> channel.read("x"));
			assertThatNoException().isThrownBy(channel::endInput);
			assertThat(channel.taken()).isEmpty();
		}
	}

}
