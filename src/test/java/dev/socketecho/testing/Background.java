package dev.socketecho.testing;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * What a test does beside its own thread, each on a thread of its own. The common pool,
 * which {@link CompletableFuture} uses by default, has one thread on two processors, and
 * virtual threads have two: a task that blocks or computes would keep those of other
 * tests from starting.
 */
public final class Background {

	private static final Executor THREADS = (task) -> Thread.ofPlatform().daemon().name("background").start(task);

	private Background() {
	}

	/**
	 * Starts this at once; it may block.
	 */
	public static CompletableFuture<Void> run(Runnable task) {
		return CompletableFuture.runAsync(task, THREADS);
	}

	/**
	 * Starts this at once; it may block.
	 */
	public static <T> CompletableFuture<T> supply(Supplier<T> task) {
		return CompletableFuture.supplyAsync(task, THREADS);
	}

}
