package dev.socketecho.benchmark;

import java.io.IOException;

/**
 * Keeps processes on processors, where {@code taskset} is installed.
 */
final class Processors {

	private Processors() {
	}

	/**
	 * Confines a process, with all of its threads, to one processor. Does nothing where
	 * that cannot be done.
	 */
	static void confine(ProcessHandle process, int processor) {
		if (Runtime.getRuntime().availableProcessors() <= processor) {
			return;
		}
		try {
			new ProcessBuilder("taskset", "-acp", Integer.toString(processor), Long.toString(process.pid()))
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
