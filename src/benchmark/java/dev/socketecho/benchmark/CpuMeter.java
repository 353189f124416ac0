package dev.socketecho.benchmark;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * CPU time of a process, its descendants and all their threads, from one reading to the
 * next. What a thread has used since the last reading before its end is not seen.
 */
final class CpuMeter implements DoubleSupplier {

	private final ProcessHandle process;

	private final Map<String, Long> threads = new HashMap<>();

	private long nanos;

	CpuMeter(ProcessHandle process) {
		this.process = process;
	}

	/**
	 * The CPU time so far, in us. It is exact to a tick of the scheduler, 4 ms at most,
	 * for a thread that is running, and to 1 ns for the others.
	 */
	@Override
	public double getAsDouble() {
		ProcessTree.threadNanos(this.process).forEach((thread, nanos) -> {
			Long before = this.threads.put(thread, nanos);
			this.nanos += nanos - ((before != null) ? before : 0);
		});
		return this.nanos / 1e3;
	}

}
