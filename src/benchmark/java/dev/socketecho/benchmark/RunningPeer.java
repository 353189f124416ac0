package dev.socketecho.benchmark;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that was started.
 *
 * @param peer what it is
 * @param process its process
 * @param found its ports by framing, when it listens
 */
record RunningPeer(Peer peer, Process process, CompletableFuture<Map<String, Integer>> found) implements AutoCloseable {

	private static final int START_SECONDS = 120;

	/**
	 * Starts a server.
	 */
	static RunningPeer start(Peer peer) throws IOException {
		Process process = new ProcessBuilder(peer.command()).redirectErrorStream(true).start();
		// A benchmark that is ended leaves no servers behind.
		Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> end(process)));
		CompletableFuture<Map<String, Integer>> ports = new CompletableFuture<>();
		Thread.ofPlatform().daemon().name(peer.name()).start(() -> follow(process, peer, ports));
		return new RunningPeer(peer, process, ports);
	}

	/**
	 * Waits until it listens.
	 * @throws Exception if it ends before, or takes too long
	 */
	void awaitPorts() throws Exception {
		this.found.get(START_SECONDS, TimeUnit.SECONDS);
	}

	String name() {
		return this.peer.name();
	}

	String title(String framing) {
		return this.peer.title(framing);
	}

	/**
	 * Whether its code is compiled while it runs.
	 */
	boolean isJava() {
		return this.peer.command().getFirst().endsWith("java");
	}

	ProcessHandle handle() {
		return this.process.toHandle();
	}

	/**
	 * The CPU time that the process uses from now on.
	 */
	CpuMeter cpuMeter() {
		return new CpuMeter(handle());
	}

	/**
	 * Its ports by framing, once it listens.
	 */
	Map<String, Integer> ports() {
		return this.found.join();
	}

	int port(String framing) {
		return Objects.requireNonNull(ports().get(framing), framing);
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
