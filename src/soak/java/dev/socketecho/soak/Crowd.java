package dev.socketecho.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * All clients. Each runs again and again on a thread of its own until it is stopped.
 */
final class Crowd {

	private static final Duration LAST_SESSION = Duration.ofMinutes(3);

	private static final int KEPT = 20;

	private final Map<String, Tally> honest = new TreeMap<>();

	private final Map<String, Tally> hostile = new TreeMap<>();

	private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean stopped = new AtomicBoolean();

	private final List<Thread> threads = new ArrayList<>();

	private final Subject subject;

	private long seed;

	Crowd(Subject subject, long seed) {
		this.subject = subject;
		this.seed = seed;
	}

	void add(Honest client, int count) {
		Tally tally = this.honest.computeIfAbsent(client.server(), (server) -> new Tally());
		for (int i = 0; i < count; i++) {
			Random random = new Random(this.seed++);
			this.threads.add(Thread.ofVirtual().unstarted(() -> repeat(() -> serve(client, tally, random))));
		}
	}

	void add(Hostile client, int count) {
		Tally tally = this.hostile.computeIfAbsent(client.name(), (name) -> new Tally());
		for (int i = 0; i < count; i++) {
			Random random = new Random(this.seed++);
			this.threads.add(Thread.ofVirtual().unstarted(() -> repeat(() -> attack(client, tally, random))));
		}
	}

	void start() {
		this.threads.forEach(Thread::start);
	}

	/**
	 * Waits until all clients have stopped.
	 */
	void stop() throws InterruptedException {
		this.stopped.set(true);
		for (Thread thread : this.threads) {
			if (!thread.join(LAST_SESSION)) {
				failed("a client hangs: " + List.of(thread.getStackTrace()));
				thread.interrupt();
			}
		}
	}

	Map<String, Tally> honest() {
		return this.honest;
	}

	Map<String, Tally> hostile() {
		return this.hostile;
	}

	/**
	 * The first failures.
	 */
	List<String> failures() {
		return List.copyOf(this.failures);
	}

	private void repeat(Session session) {
		try {
			while (!this.stopped.get() && this.subject.isAlive()) {
				session.run();
			}
		}
		catch (InterruptedException ex) {
			// Stopped while it waited
		}
	}

	private void serve(Honest client, Tally tally, Random random) throws InterruptedException {
		try {
			client.session(tally, random);
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (Exception ex) {
			tally.failures.increment();
			failed("honest, %s: %s".formatted(client.server(), ex));
			Thread.sleep(Duration.ofSeconds(1));
		}
	}

	private void attack(Hostile client, Tally tally, Random random) throws InterruptedException {
		tally.connections.increment();
		try {
			client.attack(this.subject::port, random);
		}
		catch (InterruptedException ex) {
			throw ex;
		}
		catch (IOException ex) {
			// The server may refuse or close the connection of a hostile client
		}
		catch (Exception ex) {
			tally.failures.increment();
			failed("hostile, %s: %s".formatted(client.name(), ex));
		}
		Thread.sleep(Duration.ofMillis(random.nextInt(50)));
	}

	private void failed(String failure) {
		if (this.failures.size() < KEPT) {
			this.failures.add(failure);
		}
	}

	private interface Session {

		void run() throws InterruptedException;

	}

}
