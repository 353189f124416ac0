package dev.socketecho.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The servers of one benchmark, all running, on the servers' processor.
 */
final class Servers implements AutoCloseable {

	private final List<RunningPeer> running = new ArrayList<>();

	private final List<Peer> missing = new ArrayList<>();

	private final Peer first;

	private final Pattern filter = Pattern.compile(System.getProperty("benchmark.peers", ".*"));

	private Servers(Peer first) {
		this.first = first;
	}

	/**
	 * Starts them, all at once and on all processors, and waits until they listen.
	 * @param peers all, the yardstick first; those that the pattern does not name are
	 * left out
	 */
	static Servers start(List<Peer> peers) throws Exception {
		Servers servers = new Servers(peers.getFirst());
		Processors.spread(ProcessHandle.current());
		try {
			for (Peer peer : peers) {
				if (servers.isWanted(peer)) {
					servers.start(peer);
				}
			}
			for (RunningPeer peer : servers.running) {
				peer.awaitPorts();
				Processors.confine(peer.handle(), Benchmark.SERVER_PROCESSOR);
			}
			Processors.confine(ProcessHandle.current(), Benchmark.CLIENT_PROCESSOR);
			Benchmark.progress("all listen");
			return servers;
		}
		catch (Exception ex) {
			servers.close();
			throw ex;
		}
	}

	private boolean isWanted(Peer peer) {
		return peer == this.first || peer.isNamed(this.filter);
	}

	private void start(Peer peer) throws Exception {
		if (peer.missing() != null) {
			this.missing.add(peer);
		}
		else {
			this.running.add(RunningPeer.start(peer));
		}
	}

	/**
	 * The servers in the order in which they were named.
	 */
	List<RunningPeer> running() {
		return this.running;
	}

	/**
	 * Servers that this machine cannot run.
	 */
	List<Peer> missing() {
		return this.missing;
	}

	/**
	 * Gives each running server with each of its framings that the pattern names.
	 */
	void forEach(BiConsumer<RunningPeer, String> action) {
		for (RunningPeer peer : this.running) {
			peer.ports()
				.keySet()
				.stream()
				.sorted()
				.filter((framing) -> peer.peer() == this.first || this.filter.matcher(peer.title(framing)).find())
				.forEach((framing) -> action.accept(peer, framing));
		}
	}

	@Override
	public void close() {
		this.running.forEach(RunningPeer::close);
	}

}
