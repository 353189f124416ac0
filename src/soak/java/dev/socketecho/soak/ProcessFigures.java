package dev.socketecho.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The operating system's figures of a process, on Linux.
 *
 * @param residentBytes resident memory
 * @param descriptors open descriptors
 * @param threads threads, the JVM's own included
 * @param cpu CPU time so far
 */
record ProcessFigures(long residentBytes, long descriptors, long threads, Duration cpu) {

	static ProcessFigures of(ProcessHandle process) throws IOException {
		Path directory = Path.of("/proc", Long.toString(process.pid()));
		long resident = 0;
		long threads = 0;
		for (String line : Files.readAllLines(directory.resolve("status"))) {
			String[] words = line.split("\\s+");
			switch (words[0]) {
				case "VmRSS:" -> resident = 1024 * Long.parseLong(words[1]);
				case "Threads:" -> threads = Long.parseLong(words[1]);
				default -> {
				}
			}
		}
		try (Stream<Path> open = Files.list(directory.resolve("fd"))) {
			return new ProcessFigures(resident, open.count(), threads,
					process.info().totalCpuDuration().orElse(Duration.ZERO));
		}
	}

}
