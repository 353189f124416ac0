package dev.socketecho.benchmark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Linux's figures of a process and its descendants.
 */
final class ProcessTree {

	private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

	private ProcessTree() {
	}

	/**
	 * CPU time of each thread of the process and its living descendants, in ns, by the
	 * thread's directory in {@code /proc}.
	 */
	static Map<String, Long> threadNanos(ProcessHandle process) {
		Map<String, Long> nanos = new HashMap<>();
		members(process).forEach((member) -> {
			String[] threads = new File("/proc/" + member.pid() + "/task").list();
			for (String thread : (threads != null) ? threads : new String[0]) {
				Path directory = Path.of("/proc", Long.toString(member.pid()), "task", thread);
				String running = read(directory.resolve("schedstat")).split(" ")[0];
				if (!running.isEmpty()) {
					nanos.put(directory.toString(), Long.parseLong(running));
				}
			}
		});
		return nanos;
	}

	/**
	 * Resident memory of the process and its descendants, in KB. Pages that these share
	 * count for each.
	 */
	static long residentKilobytes(ProcessHandle process) {
		return members(process).mapToLong((member) -> {
			Matcher resident = RESIDENT.matcher(read(Path.of("/proc", Long.toString(member.pid()), "status")));
			return resident.find() ? Long.parseLong(resident.group(1)) : 0;
		}).sum();
	}

	private static Stream<ProcessHandle> members(ProcessHandle process) {
		return Stream.concat(Stream.of(process), process.descendants());
	}

	/**
	 * A file of a process; empty if it has ended, or if this is not Linux.
	 */
	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
