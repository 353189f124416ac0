package dev.socketecho.benchmark;

import java.io.IOException;

/**
 * Keeps processes on processors, where {@code taskset} is installed.
 */
final class Processors {

	/** Before this process is confined itself, which changes what the JVM says. */
	private static final int AVAILABLE = Runtime.getRuntime().availableProcessors();

	private Processors() {
	}

	/**
	 * Confines a process, with all of its threads, to one processor. Does nothing where
	 * that cannot be done.
	 */
	static void confine(ProcessHandle process, int processor) {
		if (processor < AVAILABLE) {
			allow(process, Integer.toString(processor));
		}
	}

	/**
	 * Lets a process have all processors again, which those that it starts inherit.
	 */
	static void spread(ProcessHandle process) {
		if (AVAILABLE > 1) {
			allow(process, "0-" + (AVAILABLE - 1));
		}
	}

	private static void allow(ProcessHandle process, String processors) {
		try {
			new ProcessBuilder("taskset", "-acp", processors, Long.toString(process.pid()))
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.redirectErrorStream(true)
				.start()
				.waitFor();
		}
		catch (IOException ex) {
			System.out.println("Not confined to a processor each: " + ex.getMessage());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
