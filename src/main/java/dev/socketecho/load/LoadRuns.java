package dev.socketecho.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.transport.loop.TransportType;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * The load runs of this process: one at a time, and the last one of each client.
 * {@code LoadEndpoint} uses it. With the application context, it stops before the servers
 * do. Thread-safe.
 */
public final class LoadRuns implements SmartLifecycle {

	private static final Log log = LogFactory.getLog(LoadRuns.class);

	/** How long a run that is stopped may wait for replies. */
	private static final Duration LAST_REPLIES = Duration.ofSeconds(1);

	private static final int CLOSE_SECONDS = 5;

	private final EchoClients clients;

	private final LoadLimits limits;

	private final TransportType transport;

	private final Map<String, LoadRecorder> recorders = new LinkedHashMap<>();

	/** The last runs that have ended, the latest last. */
	private final Map<String, LoadReport> ended = new LinkedHashMap<>();

	private @Nullable LoadRun current;

	private boolean running;

	/**
	 * Creates an instance without runs.
	 * @param clients the clients
	 * @param limits the limits of a run
	 * @param transport the transport of the sockets
	 * @param recorders makes the recorder of a client, from its name
	 */
	public LoadRuns(EchoClients clients, LoadLimits limits, TransportType transport,
			Function<String, LoadRecorder> recorders) {
		this.clients = clients;
		this.limits = limits;
		this.transport = transport;
		clients.all().forEach((client) -> this.recorders.put(client.name(), recorders.apply(client.name())));
	}

	/**
	 * Starts a run.
	 * @param client the client's name
	 * @param settings what it does
	 * @return completes with a first report; {@code null} if there is no such client
	 * @throws IllegalArgumentException if a setting is out of range; the message names
	 * it, its value and what is expected
	 * @throws LoadBusyException if there is a run already, or the service stops
	 */
	public synchronized @Nullable CompletableFuture<LoadReport> start(String client, LoadSettings settings) {
		EchoClient found = this.clients.byName(client);
		if (found == null) {
			return null;
		}
		this.limits.check(settings);
		LoadTarget.of(found).check(settings);
		Descriptors.check(settings.connections(), Descriptors.free());
		if (!this.running) {
			throw new LoadBusyException("The service is stopping.");
		}
		if (this.current != null) {
			throw new LoadBusyException(
					"A load run with client '%s' is under way already.".formatted(this.current.client().name()));
		}
		LoadRun run = new LoadRun(found, settings, this.limits.backlog(settings),
				this.recorders.getOrDefault(client, LoadRecorder.none()), this.transport);
		this.current = run;
		this.ended.remove(client);
		log.info("Load run with client '%s' starts: %s, %d connections, %d bytes, %s after a warm-up of %s".formatted(
				client,
				(settings.rate() != null) ? settings.rate() + " messages a second"
						: settings.outstanding() + " messages outstanding",
				settings.connections(), settings.payloadSize(), LoadLimits.text(settings.duration()),
				LoadLimits.text(settings.warmUp())));
		run.done().thenAccept(this::ended);
		run.start();
		return run.report();
	}

	private synchronized void ended(LoadReport report) {
		this.current = null;
		this.ended.put(report.client(), report);
		log.info("Load run with client '%s' has ended: %s, %d sent, %d received, %d lost, %d corrupted".formatted(
				report.client(), report.state(), report.sent(), report.received(), report.lost(), report.corrupted()));
	}

	/**
	 * Returns the last run of a client.
	 * @param client the client's name
	 * @return completes with a report; {@code null} if there was no run
	 */
	public synchronized @Nullable CompletableFuture<LoadReport> report(String client) {
		LoadRun run = this.current;
		if (run != null && run.client().name().equals(client)) {
			return run.report();
		}
		LoadReport report = this.ended.get(client);
		return (report != null) ? CompletableFuture.completedFuture(report) : null;
	}

	/**
	 * Returns the last run of each client.
	 * @return completes with the reports, the latest run first
	 */
	public synchronized CompletableFuture<List<LoadReport>> reports() {
		List<LoadReport> reports = new ArrayList<>(this.ended.values()).reversed();
		LoadRun run = this.current;
		return (run == null) ? CompletableFuture.completedFuture(reports)
				: run.report().thenApply((latest) -> Stream.concat(Stream.of(latest), reports.stream()).toList());
	}

	/**
	 * Stops the run of a client, if there is one. It waits up to a second for replies.
	 * @param client the client's name
	 * @return completes when its connections are closed
	 */
	public synchronized CompletableFuture<?> stop(String client) {
		LoadRun run = this.current;
		return (run != null && run.client().name().equals(client)) ? run.stop(LAST_REPLIES)
				: CompletableFuture.completedFuture(null);
	}

	/**
	 * Returns whether there is such a client.
	 * @param client the client's name
	 * @return whether it is configured
	 */
	public boolean knows(String client) {
		return this.clients.byName(client) != null;
	}

	@Override
	public synchronized void start() {
		this.running = true;
	}

	/**
	 * Stops the run at once, and waits until its connections are closed.
	 */
	@Override
	public void stop() {
		CompletableFuture<LoadReport> end;
		synchronized (this) {
			this.running = false;
			end = (this.current != null) ? this.current.stop(Duration.ZERO) : null;
		}
		if (end != null) {
			end.thenApply((_) -> true).completeOnTimeout(false, CLOSE_SECONDS, TimeUnit.SECONDS).join();
		}
	}

	@Override
	public synchronized boolean isRunning() {
		return this.running;
	}

	/**
	 * Starts last and stops first.
	 */
	@Override
	public int getPhase() {
		return Integer.MAX_VALUE;
	}

}
