package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Linux says of a process and its descendants.
 */
final class ProcessTree {

	/** {@code sysconf(_SC_CLK_TCK)}, which is the same on all of Linux. */
	private static final double TICK_MICROS = 10_000;

	/** In {@code /proc/PID/stat}, counted behind the name: proc(5). */
	private static final int USER_TIME = 11;

	private static final int CHILDREN_SYSTEM_TIME = 14;

	private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

	private ProcessTree() {
	}

	/**
	 * CPU time of the process, its descendants and those of them that have ended and were
	 * waited for, in us, to 10 ms.
	 */
	static double cpuMicros(ProcessHandle process) {
		return members(process).mapToLong(ProcessTree::ticks).sum() * TICK_MICROS;
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
		for (int i = USER_TIME; i <= CHILDREN_SYSTEM_TIME && i < fields.length; i++) {
			ticks += Long.parseLong(fields[i]);
		}
		return ticks;
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
