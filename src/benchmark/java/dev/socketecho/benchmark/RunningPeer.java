package dev.socketecho.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that listens.
 *
 * @param name its name
 * @param process its process
 * @param ports its ports by framing
 */
record RunningPeer(String name, Process process, Map<String, Integer> ports) implements AutoCloseable {

	private static final int START_SECONDS = 60;

	/**
	 * Starts a server and waits until it listens.
	 */
	static RunningPeer start(Peer peer) throws Exception {
		Process process = new ProcessBuilder(peer.command()).redirectErrorStream(true).start();
		// A benchmark that is ended leaves no servers behind.
		Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(process)));
		CompletableFuture<Map<String, Integer>> ports = new CompletableFuture<>();
		Thread.ofPlatform().daemon().name(peer.name()).start(() -> follow(process, peer, ports));
		try {
			return new RunningPeer(peer.name(), process, ports.get(START_SECONDS, TimeUnit.SECONDS));
		}
		catch (Exception ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	ProcessHandle handle() {
		return this.process.toHandle();
	}

	/**
	 * The CPU time that the process has used, in us.
	 */
	DoubleSupplier cpuMeter() {
		ProcessHandle handle = handle();
		return () -> ProcessTree.cpuMicros(handle);
	}

	int port(String framing) {
		return Objects.requireNonNull(this.ports.get(framing), framing);
	}

	/**
	 * Ends the process and its children.
	 */
	@Override
	public void close() {
		end(this.process);
	}

	private static void end(Process process) {
		process.descendants().forEach(ProcessHandle::destroy);
		process.destroy();
	}

	private static void follow(Process process, Peer peer, CompletableFuture<Map<String, Integer>> found) {
		StringBuilder output = new StringBuilder();
		Map<String, Integer> ports = new HashMap<>();
		try (BufferedReader lines = process.inputReader()) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				if (found.isDone()) {
					continue;
				}
				output.append(line).append(System.lineSeparator());
				for (Map.Entry<String, Pattern> port : peer.ports().entrySet()) {
					Matcher matcher = port.getValue().matcher(line);
					if (matcher.find()) {
						ports.put(port.getKey(), (peer.port() > 0) ? peer.port() : Integer.parseInt(matcher.group(1)));
					}
				}
				if (ports.size() == peer.ports().size()) {
					found.complete(Map.copyOf(ports));
				}
			}
			found.completeExceptionally(new IllegalStateException(peer.name() + " did not start: " + output));
		}
		catch (IOException ex) {
			found.completeExceptionally(new UncheckedIOException(ex));
		}
	}

}
