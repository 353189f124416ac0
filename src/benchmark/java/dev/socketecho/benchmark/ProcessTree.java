package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Linux's figures of a process and its descendants.
 */
final class ProcessTree {

	/** {@code sysconf(_SC_CLK_TCK)}, which is the same on all of Linux. */
	private static final double TICK_MICROS = 10_000;

	/** In {@code /proc/PID/stat}, counted behind the name: proc(5). */
	private static final int USER_TIME = 11;

	private static final int SYSTEM_TIME = 12;

	private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

	private ProcessTree() {
	}

	/**
	 * CPU time of the process, to 10 ms, and of its living descendants, each of which may
	 * have less than that, to 1 ns, but of their first thread only; in us.
	 */
	static double cpuMicros(ProcessHandle process) {
		return ticks(process) * TICK_MICROS + process.descendants().mapToDouble(ProcessTree::scheduledMicros).sum();
	}

	/**
	 * Resident memory of the process and its descendants, in KB. Pages that these share
	 * count for each.
	 */
	static long residentKilobytes(ProcessHandle process) {
		return members(process).mapToLong((member) -> {
			Matcher resident = RESIDENT.matcher(read(member, "status"));
			return resident.find() ? Long.parseLong(resident.group(1)) : 0;
		}).sum();
	}

	private static long ticks(ProcessHandle process) {
		String stat = read(process, "stat");
		String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
		long ticks = 0;
		for (int i = USER_TIME; i <= SYSTEM_TIME && i < fields.length; i++) {
			ticks += Long.parseLong(fields[i]);
		}
		return ticks;
	}

	private static double scheduledMicros(ProcessHandle process) {
		String running = read(process, "schedstat").split(" ")[0];
		return running.isEmpty() ? 0 : Long.parseLong(running) / 1e3;
	}

	private static Stream<ProcessHandle> members(ProcessHandle process) {
		return Stream.concat(Stream.of(process), process.descendants());
	}

	/**
	 * A file of a process; empty if it has ended, or if this is not Linux.
	 */
	private static String read(ProcessHandle process, String file) {
		try {
			return Files.readString(Path.of("/proc", Long.toString(process.pid()), file));
		}
		catch (IOException ex) {
			return "";
		}
	}

}
