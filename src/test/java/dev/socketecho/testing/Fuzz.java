package dev.socketecho.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Inputs of fuzz tests: the files of a corpus, then mutations of them. The same seed
 * makes the same inputs. {@code -Dfuzz.inputs} says how many mutations,
 * {@code -Dfuzz.seed} which.
 */
public final class Fuzz {

	/** The number for the decoders' tests; slower tests use a fraction of it. */
	public static final int INPUTS = Integer.getInteger("fuzz.inputs", 1000);

	public static final long SEED = Long.getLong("fuzz.seed", 20260529L);

	private static final Path CORPUS = Path.of("src/test/resources/fuzz");

	private static final int LONGEST = 4000;

	/** Bytes with a meaning in some framing. */
	private static final byte[][] TOKENS = { { '\n' }, { '\r' }, { '\r', '\n' }, { 0 }, { 2 }, { 3 }, { 'a' },
			{ 'a', 'a', 'b' }, { 0, 0, 0 }, { (byte) 0xff }, { 0, 0, 0, 5 }, { 0x7f, (byte) 0xff } };

	private Fuzz() {
	}

	/**
	 * Reads a corpus.
	 * @param name its directory in {@code src/test/resources/fuzz}
	 * @return the files' contents, in the order of their names
	 */
	public static List<byte[]> corpus(String name) {
		try (Stream<Path> files = Files.list(CORPUS.resolve(name))) {
			List<byte[]> corpus = new ArrayList<>();
			for (Path file : files.sorted().toList()) {
				corpus.add(Files.readAllBytes(file));
			}
			return corpus;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The corpus, and mutations of it.
	 */
	public static Stream<byte[]> inputs(String name, int mutations) {
		List<byte[]> corpus = corpus(name);
		return Stream.concat(corpus.stream(), Stream.iterate(0L, (i) -> i < mutations, (i) -> i + 1)
			.map((i) -> mutated(corpus, new Random(SEED + i))));
	}

	/**
	 * A mutation of one or two inputs.
	 */
	public static byte[] mutated(List<byte[]> corpus, Random random) {
		byte[] input = corpus.get(random.nextInt(corpus.size()));
		for (int i = random.nextInt(6); i >= 0; i--) {
			int at = random.nextInt(input.length + 1);
			int to = at + random.nextInt(Math.min(40, input.length - at) + 1);
			input = switch (random.nextInt(6)) {
				case 0 -> splice(input, at, to, new byte[0]);
				case 1 -> splice(input, at, at, TOKENS[random.nextInt(TOKENS.length)]);
				case 2 -> splice(input, at, at, Arrays.copyOfRange(input, at, to));
				case 3 -> splice(input, at, Math.min(input.length, at + 1), new byte[] { (byte) random.nextInt(256) });
				case 4 -> splice(input, at, input.length, corpus.get(random.nextInt(corpus.size())));
				default -> splice(input, at, to, random(random, to - at));
			};
		}
		return (input.length > LONGEST) ? Arrays.copyOf(input, LONGEST) : input;
	}

	/**
	 * Cuts an input into segments: whole, byte by byte, or at random.
	 */
	public static List<byte[]> segments(byte[] input, Random random) {
		int longest = switch (random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> 5;
			case 2 -> 100;
			default -> Math.max(1, input.length);
		};
		List<byte[]> segments = new ArrayList<>();
		for (int from = 0; from < input.length;) {
			int to = Math.min(input.length, from + ((longest > LONGEST / 100) ? longest : 1 + random.nextInt(longest)));
			segments.add(Arrays.copyOfRange(input, from, to));
			from = to;
		}
		return segments;
	}

	/**
	 * Writes an input as it can be read, and be made a file of a corpus with
	 * {@code xxd -r -p}.
	 */
	public static String hex(byte[] input) {
		return HexFormat.of().formatHex(input);
	}

	private static byte[] random(Random random, int length) {
		byte[] bytes = new byte[length];
		random.nextBytes(bytes);
		return bytes;
	}

	private static byte[] splice(byte[] input, int from, int to, byte[] instead) {
		byte[] spliced = Arrays.copyOf(input, input.length - (to - from) + instead.length);
		System.arraycopy(instead, 0, spliced, from, instead.length);
		System.arraycopy(input, to, spliced, from + instead.length, input.length - to);
		return spliced;
	}

}
