package dev.socketecho.codec;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Random;

import dev.socketecho.testing.WireSample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever messages arrive in whatever segments: the decoders lose nothing, add nothing
 * and count right. To repeat a failure, start with the seed that it names.
 */
class FramingPropertyTests {

	private static final int SAMPLES = 100;

	private static final long FIRST_SEED = 1;

	private static final int MAX_MESSAGE_SIZE = 2000;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
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
			assertThat(taken.stream().mapToInt(DecoderChannel.Taken::count).sum()).as(description)
				.isEqualTo(sample.frames().size());
			if (burst && segments.size() == 1 && framing != Framing.UNTIL_CLOSE) {
				int complete = sample.frames().size() - (sample.incomplete() ? 1 : 0);
				assertThat(taken.getFirst().count()).as(description).isEqualTo(Math.max(1, complete));
			}
			int next = 0;
			for (DecoderChannel.Taken each : taken) {
				if (!burst) {
					assertThat(each.count()).as(description).isEqualTo(1);
				}
				assertThat(each.bytes()).as(description)
					.isEqualTo(concat(sample.frames().subList(next, next + each.count())));
				next += each.count();
			}
		}
		catch (RuntimeException ex) {
			throw new AssertionError(description, ex);
		}
	}

	private static byte[] concat(List<byte[]> frames) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach(bytes::writeBytes);
		return bytes.toByteArray();
	}

}
