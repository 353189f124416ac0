package dev.socketecho.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.socketecho.client.EchoClient;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import io.netty.channel.EventLoop;
import io.netty.util.NettyRuntime;

import org.jspecify.annotations.Nullable;

/**
 * One load run. It has event loops of its own: so it takes no more from servers and
 * probes than its share of the processors, and when it has ended, nothing of it is left.
 * Thread-safe.
 */
final class LoadRun {

	/** So many connections are opened at a time. */
	private static final int OPENING = 32;

	/** A faster schedule gets another event loop, in messages a second. */
	private static final int RATE_OF_EVENT_LOOP = 100_000;

	/** The same, in bytes a second. */
	private static final long BYTES_OF_EVENT_LOOP = 200_000_000;

	private final EchoClient client;

	private final LoadSettings settings;

	private final LoadPlan plan;

	private final EventLoops eventLoops;

	private final List<LoadLoop> loops;

	private final List<LoadConnection<?>> connections = new ArrayList<>();

	private final AtomicInteger toOpen = new AtomicInteger();

	private final AtomicInteger tried = new AtomicInteger();

	private final AtomicInteger opened = new AtomicInteger();

	private final CompletableFuture<LoadReport> done = new CompletableFuture<>();

	private @Nullable CompletableFuture<LoadReport> snapshot;

	private boolean stopped;

	/**
	 * Creates a run, which does nothing yet.
	 * @param client the client whose target it is against
	 * @param settings what it does; they are checked
	 * @param backlog how many messages of a connection may be without a reply
	 * @param recorder is told of the messages
	 * @param transport the transport of the service's event loops
	 */
	LoadRun(EchoClient client, LoadSettings settings, int backlog, LoadRecorder recorder, TransportType transport) {
		this.client = client;
		this.settings = settings;
		this.plan = new LoadPlan(settings);
		LoadTarget target = LoadTarget.of(client);
		long timeout = target.replyTimeout().toNanos();
		this.eventLoops = new EventLoops(transport, eventLoops(settings), "load");
		List<EventLoop> threads = new ArrayList<>();
		this.eventLoops.group().forEach((executor) -> threads.add((EventLoop) executor));
		this.loops = threads.stream()
			.map((thread) -> new LoadLoop(thread, this.plan, new LoadFigures(recorder), timeout))
			.toList();
		for (int number = 0; number < settings.connections(); number++) {
			LoadLoop loop = this.loops.get(number % this.loops.size());
			LoadConnection<?> connection = target.connection(loop, this.eventLoops, settings, number, backlog);
			loop.connections().add(connection);
			this.connections.add(connection);
		}
	}

	private static int eventLoops(LoadSettings settings) {
		int most = Math.min(NettyRuntime.availableProcessors(), settings.connections());
		if (settings.rate() == null) {
			return most;
		}
		long needed = Math.max(settings.rate() / RATE_OF_EVENT_LOOP,
				(long) settings.rate() * settings.payloadSize() / BYTES_OF_EVENT_LOOP);
		return Math.clamp(needed, 1, most);
	}

	EchoClient client() {
		return this.client;
	}

	/**
	 * Connects, and then sends.
	 */
	void start() {
		CompletableFuture.allOf(this.loops.stream().map(LoadLoop::done).toArray(CompletableFuture[]::new))
			// The event loops do not wait for their own end.
			.thenRunAsync(this::close, (task) -> Thread.ofPlatform().name("load-end").daemon().start(task));
		openNext();
	}

	private void openNext() {
		int number = this.toOpen.getAndIncrement();
		if (number < this.connections.size()) {
			LoadConnection<?> connection = this.connections.get(number);
			connection.loop().execute(() -> connection.open(() -> tried(connection)));
		}
	}

	/**
	 * Opens more connections after the first. That one may load classes and start the
	 * lookup of hosts, and the others would measure that, too.
	 */
	private void tried(LoadConnection<?> connection) {
		if (connection.room() > 0) {
			this.opened.incrementAndGet();
		}
		int count = this.tried.incrementAndGet();
		if (count == this.connections.size()) {
			begin();
		}
		for (int i = 0; i < ((count == 1) ? OPENING : 1); i++) {
			openNext();
		}
	}

	private synchronized void begin() {
		if (this.stopped) {
			return;
		}
		if (this.opened.get() == 0) {
			endLoops();
			return;
		}
		boolean spins = NettyRuntime.availableProcessors() > 1;
		this.plan.start();
		IntStream.range(0, this.loops.size()).forEach((number) -> {
			LoadLoop loop = this.loops.get(number);
			LoadPacer pacer = new LoadPacer(loop, number, this.loops.size(), this.connections.size(), spins);
			loop.execute(() -> loop.start(pacer));
		});
	}

	private void endLoops() {
		this.loops.forEach((loop) -> loop.execute(loop::end));
	}

	/**
	 * Stops sending.
	 * @param wait how long it may wait for the replies that are due
	 * @return completes when all its connections are closed
	 */
	synchronized CompletableFuture<LoadReport> stop(Duration wait) {
		if (!this.done.isDone()) {
			this.stopped |= this.plan.stop(wait);
			if (this.plan.isStarted()) {
				this.loops.forEach((loop) -> loop.execute(loop::tick));
			}
			else {
				endLoops();
			}
		}
		return this.done.copy();
	}

	private void close() {
		this.eventLoops.close();
		LoadFigures all = new LoadFigures(LoadRecorder.none());
		this.loops.forEach((loop) -> all.add(loop.done().join()));
		this.done.complete(report(endState(all), all));
	}

	private synchronized LoadState endState(LoadFigures all) {
		return this.stopped ? LoadState.STOPPED
				: (this.opened.get() == 0 || all.explainFailure()) ? LoadState.FAILED : LoadState.FINISHED;
	}

	private LoadReport report(LoadState state, LoadFigures figures) {
		return LoadReport.of(this.client.name(), this.client.transport(), state, this.settings,
				this.plan.measured(this.plan.now()), figures);
	}

	/**
	 * Returns the end.
	 * @return completes with the last report when all connections are closed
	 */
	CompletableFuture<LoadReport> done() {
		return this.done.copy();
	}

	/**
	 * Returns how far the run is. Callers at the same time get the same report.
	 * @return completes with a report
	 */
	synchronized CompletableFuture<LoadReport> report() {
		if (this.done.isDone()) {
			return this.done.copy();
		}
		if (this.snapshot == null || this.snapshot.isDone()) {
			List<CompletableFuture<LoadFigures>> parts = this.loops.stream().map(LoadLoop::snapshot).toList();
			this.snapshot = CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new)).thenApply((_) -> {
				LoadFigures all = new LoadFigures(LoadRecorder.none());
				parts.forEach((part) -> all.add(part.join()));
				boolean warm = this.plan.isStarted() && this.plan.isMeasured(this.plan.now());
				return report(warm ? LoadState.RUNNING : LoadState.WARMING_UP, all);
			});
		}
		return this.snapshot.copy();
	}

}
