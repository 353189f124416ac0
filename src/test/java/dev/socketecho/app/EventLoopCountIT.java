package dev.socketecho.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of how many event loops a process has that may not use the whole host.
 */
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(OS.LINUX)
class EventLoopCountIT {

	private static final long PERIOD_MICROS = 100_000;

	@Test
	void followsTheAffinity() throws Exception {
		Path taskset = Path.of("/usr/bin/taskset");
		assumeTrue(Files.isExecutable(taskset), "no taskset");
		assertThat(eventLoops(List.of(taskset.toString(), "-c", "0"))).isEqualTo(1);
	}

	@Test
	void followsTheQuotaOfTheContainer() throws Exception {
		assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor");
		Path group = controlGroup();
		try {
			boolean first = Files.exists(group.resolve("cpu.cfs_quota_us"));
			Files.writeString(group.resolve(first ? "cpu.cfs_quota_us" : "cpu.max"),
					first ? "" + PERIOD_MICROS : PERIOD_MICROS + " " + PERIOD_MICROS);
			assertThat(eventLoops(List.of("/bin/sh", "-c", "echo $$ > " + group + "/cgroup.procs; exec \"$@\"", "sh")))
				.isEqualTo(1);
		}
		finally {
			Files.deleteIfExists(group);
		}
	}

	private static long eventLoops(List<String> wrapper) throws IOException, InterruptedException {
		try (ServiceProcess service = ServiceProcess.start(wrapper)) {
			Map<String, Double> samples = service.actuator().scrape().samples();
			service.terminate();
			service.awaitExit();
			return samples.keySet()
				.stream()
				.filter((series) -> series.startsWith("echo_event_loop_cpu_seconds_total{"))
				.count();
		}
	}

	/**
	 * A control group of our own, of version 1 or 2.
	 */
	private static Path controlGroup() {
		for (Path parent : List.of(Path.of("/sys/fs/cgroup/cpu"), Path.of("/sys/fs/cgroup"))) {
			Path group = parent.resolve("socket-echo-test-" + ProcessHandle.current().pid());
			try {
				Files.createDirectory(group);
				if (Files.exists(group.resolve("cpu.cfs_quota_us")) || Files.exists(group.resolve("cpu.max"))) {
					return group;
				}
				Files.delete(group);
			}
			catch (IOException ex) {
				// Not ours to make; the next, or none.
			}
		}
		assumeTrue(false, "no control group can be made");
		throw new IllegalStateException();
	}

}
