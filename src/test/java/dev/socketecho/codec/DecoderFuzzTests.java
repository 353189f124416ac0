package dev.socketecho.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.socketecho.testing.Fuzz;
import dev.socketecho.testing.NaiveFraming;
import dev.socketecho.testing.NaiveFraming.End;
import dev.socketecho.testing.WireSample;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever bytes arrive in whatever segments: the decoders pass on what the plain reading
 * of the whole stream says, and fail as it does. The corpus's inputs go to every framing,
 * and mutations of them.
 */
class DecoderFuzzTests {

	private static final int[] LIMITS = { 1, 2, 3, 5, 16, 100, 255, 256, 1000 };

	/**
	 * The leak detector makes each buffer expensive: it checks one input in this many.
	 */
	private static final int DETECT_EVERY = 20;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "NONE", "WEBSOCKET" })
	void decodesAsThePlainReadingDoes(Framing framing) {
		int[] number = new int[1];
		Fuzz.inputs("streams", Fuzz.INPUTS).forEach((input) -> check(framing, input, number[0]++));
	}

	private static void check(Framing framing, byte[] input, int number) {
		Random random = new Random(Fuzz.SEED + number);
		int limit = LIMITS[random.nextInt(LIMITS.length)];
		NaiveFraming expected = NaiveFraming.of(framing, input, limit);
		List<byte[]> segments = Fuzz.segments(input, random);
		boolean burst = random.nextBoolean();
		String description = "%s, limit %d, burst %s, %d segments, input %s".formatted(framing, limit, burst,
				segments.size(), Fuzz.hex(input));
		FramingSpec spec = new FramingSpec(framing, (framing == Framing.DELIMITER) ? WireSample.DELIMITER : null, limit,
				burst);
		try (DecoderChannel channel = (number % DETECT_EVERY == 0) ? new DecoderChannel(spec)
				: DecoderChannel.withoutLeakDetection(spec)) {
			End end = feed(channel, segments);
			List<DecoderChannel.Taken> taken = channel.take();
			assertThat(end).as(description).isEqualTo(expected.end());
			assertThat(concat(taken.stream().map(DecoderChannel.Taken::bytes).toList())).as(description)
				.isEqualTo(concat(expected.frames()));
			assertThat(ends(taken.stream().map(DecoderChannel.Taken::bytes).toList())).as(description)
				.isSubsetOf(ends(expected.frames()));
			assertThat(taken.stream().mapToInt(DecoderChannel.Taken::count).sum()).as(description)
				.isEqualTo(expected.frames().size());
			if (!burst) {
				assertThat(taken).as(description).hasSameSizeAs(expected.frames());
			}
		}
		catch (RuntimeException ex) {
			throw new AssertionError(description, ex);
		}
	}

	/**
	 * Feeds a decoder until it fails, after which a connection is read no more.
	 */
	private static End feed(DecoderChannel channel, List<byte[]> segments) {
		try {
			segments.forEach(channel::read);
			channel.endInput();
			return End.INPUT;
		}
		catch (TooLongFrameException ex) {
			channel.endInput();
			return End.TOO_LONG;
		}
		catch (CorruptedFrameException ex) {
			channel.endInput();
			return End.CORRUPT;
		}
	}

	private static List<Integer> ends(List<byte[]> frames) {
		List<Integer> ends = new ArrayList<>(frames.size());
		int at = 0;
		for (byte[] frame : frames) {
			at += frame.length;
			ends.add(at);
		}
		return ends;
	}

	private static byte[] concat(List<byte[]> frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

}
