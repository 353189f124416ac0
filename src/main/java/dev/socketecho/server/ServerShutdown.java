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
 * Ends the servers in order when the context closes. It comes before everything else in
 * the shutdown, the web server's included, so that health and metrics can be read
 * meanwhile: first the readiness delay, in which load balancers leave, then the drain.
 */
public final class ServerShutdown implements SmartLifecycle {

	/**
	 * The lifecycle phase: the last to start and the first to stop.
	 */
	public static final int PHASE = Integer.MAX_VALUE;

	private static final Logger logger = LoggerFactory.getLogger(ServerShutdown.class);

	private final TcpEchoServers servers;

	private final UdpEchoServers udpServers;

	private final Duration readinessDelay;

	private final Duration timeout;

	private volatile boolean running;

	/**
	 * Creates an instance.
	 * @param servers the TCP servers
	 * @param udpServers the UDP servers
	 * @param readinessDelay how long listening goes on
	 * @param timeout how long connections may take after that, before they are cut
	 */
	public ServerShutdown(TcpEchoServers servers, UdpEchoServers udpServers, Duration readinessDelay,
			Duration timeout) {
		this.servers = servers;
		this.udpServers = udpServers;
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
		List<ConnectionDrain> drains = this.servers.all()
			.stream()
			.map((server) -> server.connectionFactory().drain())
			.toList();
		Stream<CompletableFuture<Void>> datagrams = this.udpServers.all()
			.stream()
			.map((server) -> server.adapter().drain());
		CompletableFuture<?> done = CompletableFuture
			.allOf(Stream.concat(drains.stream().map(ConnectionDrain::done), datagrams)
				.toArray(CompletableFuture<?>[]::new));
		if (!isDoneIn(done, this.timeout)) {
			drains.forEach(ConnectionDrain::cut);
			isDoneIn(done, Duration.ofSeconds(1));
		}
		int total = drains.stream().mapToInt(ConnectionDrain::total).sum();
		int inOrder = drains.stream().mapToInt(ConnectionDrain::endedInOrder).sum();
		logger.info("Shutdown: {} connections ended in order, {} were cut", inOrder, total - inOrder);
	}

	private static boolean isDoneIn(CompletableFuture<?> future, Duration time) {
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
