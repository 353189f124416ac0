package dev.socketecho.web;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.telemetry.RateLimitedLog;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.publisher.SynchronousSink;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * What the page shows, as server-sent events: once whole, and then once a second what has
 * changed. All viewers share the work of a second; while nobody watches there is none. A
 * viewer that reads too slowly for all events misses some, and then gets everything
 * again.
 * <p>
 * The events are made on a thread of its own. The streams end when the servers are
 * drained, just before the web server waits for its requests to end.
 */
public final class StatusStream implements SmartLifecycle, AutoCloseable {

	/** How many may watch at once. */
	static final int MOST_VIEWERS = 50;

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private final StatusReport report;

	private final AtomicInteger viewers = new AtomicInteger();

	private final Scheduler scheduler = Schedulers.newSingle("echo-page", true);

	private final RateLimitedLog log = new RateLimitedLog(LogFactory.getLog(StatusStream.class), System::nanoTime);

	private final Flux<StatusReport.Tick> ticks;

	private volatile Sinks.Empty<Void> end = Sinks.empty();

	private volatile boolean running;

	/**
	 * Creates a stream.
	 * @param report what is shown
	 */
	public StatusStream(StatusReport report) {
		this.report = report;
		this.ticks = Flux.interval(Duration.ZERO, INTERVAL, this.scheduler)
			.onBackpressureDrop().<StatusReport.Tick>handle((_, sink) -> tick(sink)).replay(1).refCount(1);
	}

	private void tick(SynchronousSink<StatusReport.Tick> sink) {
		try {
			sink.next(this.report.next());
		}
		catch (RuntimeException ex) {
			this.log.warn(() -> "The status page has no data: " + ex);
		}
	}

	/**
	 * Returns the stream for one more viewer.
	 * @return the events, each with its end; {@code null} if there are too many viewers,
	 * or if the service ends
	 */
	@Nullable Flux<byte[]> watch() {
		if (!this.running || this.viewers.get() >= MOST_VIEWERS) {
			return null;
		}
		return Flux.defer(() -> {
			if (this.viewers.incrementAndGet() > MOST_VIEWERS) {
				// Somebody was faster. The page tries again, and gets a 503.
				this.viewers.decrementAndGet();
				return Flux.empty();
			}
			return events().takeUntilOther(this.end.asMono()).doFinally((_) -> this.viewers.decrementAndGet());
		});
	}

	private Flux<byte[]> events() {
		long[] last = { Long.MIN_VALUE };
		return this.ticks.onBackpressureLatest().map((tick) -> {
			boolean all = tick.sequence() != last[0] + 1;
			last[0] = tick.sequence();
			return all ? tick.whole() : tick.changes();
		});
	}

	/**
	 * Returns how many watch.
	 */
	int viewers() {
		return this.viewers.get();
	}

	@Override
	public void start() {
		this.end = Sinks.empty();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.end.tryEmitEmpty();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE + 1;
	}

	@Override
	public void close() {
		this.scheduler.dispose();
	}

}
