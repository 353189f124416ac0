package dev.socketecho.server;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import dev.socketecho.transport.tcp.ConnectionDrain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Ends the servers when Spring closes the context, on SIGTERM for example. First comes
 * the readiness delay, in which the servers still accept connections and load balancers
 * stop using them. Then comes the drain: there are no new connections, everything that is
 * in the sockets is answered, and they are closed. Connections that are still open after
 * the timeout are cut: closed at once.
 * <p>
 * It is the first to stop, before the web server, so that health and metrics can be read
 * during the drain.
 */
public final class ServerShutdown implements SmartLifecycle {

	/**
	 * The lifecycle phase: the last to start and the first to stop.
	 */
	public static final int PHASE = Integer.MAX_VALUE;

	private static final Logger logger = LoggerFactory.getLogger(ServerShutdown.class);

	/** How long connections and sockets that were cut may take to close. */
	private static final Duration CUT_TIMEOUT = Duration.ofSeconds(1);

	private final EchoServers servers;

	private final Duration readinessDelay;

	private final Duration timeout;

	private volatile boolean running;

	/**
	 * Creates the shutdown.
	 * @param servers the servers
	 * @param readinessDelay how long the servers still accept connections
	 * @param timeout how long the drain may take after that
	 */
	public ServerShutdown(EchoServers servers, Duration readinessDelay, Duration timeout) {
		this.servers = servers;
		this.readinessDelay = readinessDelay;
		this.timeout = timeout;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		try {
			stopped.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void stop(Runnable callback) {
		CompletableFuture.runAsync(() -> {
		}, CompletableFuture.delayedExecutor(this.readinessDelay.toMillis(), TimeUnit.MILLISECONDS))
			.thenRunAsync(this::drain, (task) -> Thread.ofVirtual().name("echo-shutdown").start(task))
			.whenComplete((_, failure) -> {
				if (failure != null) {
					logger.error("Shutdown of the servers failed", failure);
				}
				this.running = false;
				callback.run();
			});
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	private void drain() {
		List<ConnectionDrain> connections = this.servers.tcp()
			.stream()
			.map((server) -> server.connectionFactory().drain())
			.toList();
		List<CompletableFuture<Void>> datagrams = this.servers.udp()
			.stream()
			.map((server) -> server.adapter().drain())
			.toList();
		CompletableFuture<?> done = CompletableFuture
			.allOf(Stream.concat(connections.stream().map(ConnectionDrain::done), datagrams.stream())
				.toArray(CompletableFuture<?>[]::new));
		if (!isDoneWithin(this.timeout, done)) {
			connections.forEach(ConnectionDrain::cut);
			this.servers.udp().forEach((server) -> server.adapter().cut());
			isDoneWithin(CUT_TIMEOUT, done);
		}
		int total = connections.stream().mapToInt(ConnectionDrain::total).sum();
		int inOrder = connections.stream().mapToInt(ConnectionDrain::endedInOrder).sum();
		logger.info("Shutdown: {} connections ended in order, {} were cut", inOrder, total - inOrder);
	}

	private static boolean isDoneWithin(Duration time, CompletableFuture<?> future) {
		try {
			future.get(time.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
