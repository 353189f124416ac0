package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A client in C, where one in Java would be what is measured. It prints its figures in
 * the form of {@code measure.h}.
 *
 * @param path the program
 */
record ClientProgram(Path path) {

	private static final Pattern RESULT = Pattern
		.compile("count=(\\d+) seconds=([0-9.]+) p50_us=(\\d+) p99_us=(\\d+) wrong=(\\d+)");

	/**
	 * Compiles it.
	 * @return the program, {@code null} if there is no compiler; that is printed, too
	 */
	static @Nullable ClientProgram compile(String source) throws IOException, InterruptedException {
		Path program = Commands.compileC(source);
		if (program == null) {
			System.out.println("Not measured without gcc: what " + source + " is the client of");
		}
		return (program != null) ? new ClientProgram(program) : null;
	}

	/**
	 * Runs it against a server.
	 * @param arguments behind the port
	 * @throws IOException if the program fails
	 */
	Figures run(RunningPeer peer, String framing, Object... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(this.path.toString(), Integer.toString(peer.port(framing))));
		Stream.of(arguments).map(Object::toString).forEach(command::add);
		CpuMeter cpu = peer.cpuMeter();
		double before = cpu.getAsDouble();
		Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		double cpuMicros = cpu.getAsDouble() - before;
		Matcher result = RESULT.matcher(output);
		if (!result.find()) {
			throw new IOException("%s: %s".formatted(this.path.getFileName(), output));
		}
		long count = Long.parseLong(result.group(1));
		return new Figures(count / Double.parseDouble(result.group(2)), Double.parseDouble(result.group(3)),
				Double.parseDouble(result.group(4)), cpuMicros / count, Long.parseLong(result.group(5)));
	}

}
