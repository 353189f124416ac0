package dev.socketecho.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import dev.socketecho.testing.WireSample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * For any messages in any segments, the decoders lose no byte, add none, and count the
 * messages right. To repeat a failure, start with the seed that it names.
 */
class FramingPropertyTests {

	private static final int SAMPLES = 100;

	private static final long FIRST_SEED = 1;

	private static final int MAX_MESSAGE_SIZE = 2000;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "NONE", "WEBSOCKET" })
	void passesExactlyTheFramesThatArriveOn(Framing framing) {
		for (long seed = FIRST_SEED; seed < FIRST_SEED + SAMPLES; seed++) {
			check(framing, seed);
		}
	}

	private static void check(Framing framing, long seed) {
		Random random = new Random(seed);
		boolean burst = random.nextBoolean();
		WireSample sample = WireSample.random(framing, random, MAX_MESSAGE_SIZE);
		List<byte[]> segments = WireSample.segments(sample.bytes(), random);
		String description = "seed %d, burst %s, %s in %d segments".formatted(seed, burst, sample, segments.size());
		String delimiter = (framing == Framing.DELIMITER) ? WireSample.DELIMITER : null;
		try (DecoderChannel channel = DecoderChannel
			.withoutLeakDetection(new FramingSpec(framing, delimiter, MAX_MESSAGE_SIZE, burst))) {
			segments.forEach(channel::read);
			channel.endInput();
			List<DecoderChannel.Taken> taken = channel.take();
			assertThat(taken).as(description)
				.extracting(DecoderChannel.Taken::count)
				.containsExactlyElementsOf(
						burst ? burstCounts(framing, sample, segments) : ones(sample.frames().size()));
			int next = 0;
			for (DecoderChannel.Taken each : taken) {
				assertThat(each.bytes()).as(description)
					.isEqualTo(concat(sample.frames().subList(next, next + each.count())));
				next += each.count();
			}
		}
		catch (RuntimeException ex) {
			throw new AssertionError(description, ex);
		}
	}

	private static List<Integer> ones(int count) {
		return Collections.nCopies(count, 1);
	}

	/**
	 * How many frames each burst has: a segment's frames that are complete with it travel
	 * together, and the end of the input delivers the rest.
	 */
	private static List<Integer> burstCounts(Framing framing, WireSample sample, List<byte[]> segments) {
		boolean endsWithInput = sample.incomplete() || framing == Framing.UNTIL_CLOSE;
		int complete = Math.max(0, sample.frames().size() - (endsWithInput ? 1 : 0));
		List<Integer> counts = new ArrayList<>();
		int received = 0;
		int frameEnd = 0;
		int delivered = 0;
		for (byte[] segment : segments) {
			received += segment.length;
			int count = 0;
			while (delivered < complete && frameEnd + sample.frames().get(delivered).length <= received) {
				frameEnd += sample.frames().get(delivered).length;
				delivered++;
				count++;
			}
			if (count > 0) {
				counts.add(count);
			}
		}
		if (delivered < sample.frames().size()) {
			counts.add(1);
		}
		return counts;
	}

	private static byte[] concat(List<byte[]> frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

}
