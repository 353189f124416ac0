package dev.socketecho.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The servers of one benchmark, all running, on the servers' processor.
 */
final class Servers implements AutoCloseable {

	private final List<RunningPeer> running = new ArrayList<>();

	private final List<Peer> missing = new ArrayList<>();

	/**
	 * Starts them one after the other.
	 * @param peers all, the yardstick first; those that the pattern does not name are
	 * left out
	 */
	static Servers start(List<Peer> peers) throws Exception {
		Pattern filter = Pattern.compile(System.getProperty("benchmark.peers", ".*"));
		Servers servers = new Servers();
		Processors.spread(ProcessHandle.current());
		try {
			for (Peer peer : peers) {
				if (peer != peers.getFirst() && !filter.matcher(peer.name()).find()) {
					continue;
				}
				if (peer.missing() != null) {
					servers.missing.add(peer);
					continue;
				}
				RunningPeer started = RunningPeer.start(peer);
				servers.running.add(started);
				Processors.confine(started.handle(), Benchmark.SERVER_PROCESSOR);
			}
			Processors.confine(ProcessHandle.current(), Benchmark.CLIENT_PROCESSOR);
			return servers;
		}
		catch (Exception ex) {
			servers.close();
			throw ex;
		}
	}

	List<RunningPeer> running() {
		return this.running;
	}

	/**
	 * Prints a table row for each server that this machine cannot run.
	 * @param format of a row, with the name and the reason
	 */
	void printMissing(String format) {
		this.missing.forEach((peer) -> System.out.printf(format + "%n", peer.name(), "missing: " + peer.missing()));
	}

	@Override
	public void close() {
		this.running.forEach(RunningPeer::close);
	}

}
