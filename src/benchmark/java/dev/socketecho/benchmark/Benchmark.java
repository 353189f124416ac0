package dev.socketecho.benchmark;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Runs what the system property {@code benchmark} names: {@code peers} (the default),
 * {@code scale}, {@code churn}, {@code allocation}, or {@code all} of them.
 * <p>
 * Further system properties: {@code benchmark.seconds} measured each time (0.6),
 * {@code benchmark.warmup} seconds before the first round (1.5), {@code benchmark.rounds}
 * (3), {@code benchmark.loads} as connections x bytes x outstanding messages
 * ({@code 64x64x1,64x64x32,8x65536x1,1000x64x1}), {@code benchmark.peers} a pattern of
 * names (all), {@code benchmark.connections} and {@code benchmark.servers} how many there
 * are at each step of {@code scale}, {@code benchmark.jvm} further options of the
 * servers' JVMs, {@code benchmark.jar} what is measured, {@code benchmark.binary} whether
 * WebSocket's messages are binary ({@code false}: text).
 */
public final class Benchmark {

	static final int CLIENT_PROCESSOR = 0;

	static final int SERVER_PROCESSOR = 1;

	private Benchmark() {
	}

	/**
	 * Runs it and prints tables.
	 * @param args none
	 * @throws Exception if a server does not start, or the service does not echo
	 */
	public static void main(String[] args) throws Exception {
		String chosen = System.getProperty("benchmark", "peers");
		List<String> modes = chosen.equals("all") ? List.of("peers", "scale", "churn", "allocation")
				: List.of(chosen.split(","));
		for (String mode : modes) {
			switch (mode) {
				case "peers" -> PeersBenchmark.run();
				case "scale" -> ScaleBenchmark.run();
				case "churn" -> ChurnBenchmark.run();
				case "allocation" -> AllocationBenchmark.run();
				default -> throw new IllegalArgumentException(
						"benchmark=%s (expected: peers, scale, churn, allocation or all)".formatted(chosen));
			}
		}
	}

	/**
	 * Prints what has been done, and how long after the start of this JVM.
	 */
	static void progress(String done) {
		System.out.printf(Locale.ROOT, "%4d s: %s%n", ManagementFactory.getRuntimeMXBean().getUptime() / 1000, done);
	}

	static double seconds() {
		return Double.parseDouble(System.getProperty("benchmark.seconds", "0.6"));
	}

	static double warmup() {
		return Double.parseDouble(System.getProperty("benchmark.warmup", "1.5"));
	}

	static int rounds() {
		return Integer.getInteger("benchmark.rounds", 3);
	}

	static List<Load> loads() {
		return Stream.of(System.getProperty("benchmark.loads", "64x64x1,64x64x32,8x65536x1,1000x64x1").split(","))
			.map(Load::parse)
			.toList();
	}

	static int[] steps(String name, String defaults) {
		return Stream.of(System.getProperty("benchmark." + name, defaults).split(","))
			.mapToInt(Integer::parseInt)
			.toArray();
	}

}
