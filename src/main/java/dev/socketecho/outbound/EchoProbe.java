package dev.socketecho.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.EventLoops;
import dev.socketecho.transport.ProbeRecorder;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe: a round every interval, the first after a random part of it, so that probes
 * that start together do not stay together. Rounds do not overlap: one that takes longer
 * than the interval delays the next.
 */
public final class EchoProbe {

	private static final Logger logger = LoggerFactory.getLogger(EchoProbe.class);

	private final Settings settings;

	private final Prober prober;

	private final ProbeRecorder recorder;

	private final EventLoop eventLoop;

	private volatile @Nullable Status status;

	private @Nullable Future<?> next;

	private boolean running;

	/**
	 * Creates a probe, which does not run yet.
	 * @param settings what the probe is
	 * @param eventLoops the event loops, which outlive the probe
	 * @param recorder what is told of the probe's messages
	 */
	public EchoProbe(Settings settings, EventLoops eventLoops, ProbeRecorder recorder) {
		this.settings = settings;
		this.prober = settings.target().prober(eventLoops);
		this.recorder = recorder;
		this.eventLoop = eventLoops.next();
	}

	/**
	 * Returns what the probe is.
	 * @return the settings
	 */
	public Settings settings() {
		return this.settings;
	}

	/**
	 * Returns how the target is.
	 * @return the status, {@code null} before the first round has ended
	 */
	public @Nullable Status status() {
		return this.status;
	}

	void start() {
		this.eventLoop.execute(() -> {
			this.running = true;
			long interval = this.settings.interval().toNanos();
			schedule(ThreadLocalRandom.current().nextLong(interval));
		});
	}

	void stop() {
		this.eventLoop.execute(() -> {
			this.running = false;
			Future<?> pending = this.next;
			if (pending != null) {
				pending.cancel(false);
			}
			this.prober.close();
		});
	}

	private void schedule(long delayNanos) {
		this.next = this.eventLoop.schedule(this::round, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
	}

	private void round() {
		long start = System.nanoTime();
		this.prober.round(this.settings.count(), this.settings.timeout(), this.settings.payloadSize(), this.recorder)
			.whenCompleteAsync((result, failure) -> {
				if (failure == null) {
					ended(result);
				}
				else {
					logger.error("Probe '{}' failed", this.settings.name(), failure);
				}
				if (this.running) {
					long interval = this.settings.interval().toNanos();
					long late = (System.nanoTime() - start) % interval;
					schedule((System.nanoTime() - start < interval) ? interval - late : 0);
				}
			}, this.eventLoop);
	}

	private void ended(ProbeResult result) {
		Status before = this.status;
		Instant since = (before != null && before.result().isUp() == result.isUp()) ? before.since() : Instant.now();
		boolean changed = before == null || before.since() != since;
		this.status = new Status(result, since);
		if (changed && this.running) {
			logger.info("Probe '{}' is {}{}", this.settings.name(), result.isUp() ? "up" : "down",
					(result.error() != null) ? ": " + result.error().tag() : "");
		}
	}

	/**
	 * What a probe is.
	 *
	 * @param name its name
	 * @param target what is probed
	 * @param interval the time from the start of one round to the next
	 * @param timeout how long a connection, and each reply, may take
	 * @param count messages in a round
	 * @param payloadSize the length of a message, in bytes
	 */
	public record Settings(String name, ProbeTarget target, Duration interval, Duration timeout, int count,
			int payloadSize) {
	}

	/**
	 * How a target is.
	 *
	 * @param result what came of the last round
	 * @param since since when it is up, or down
	 */
	public record Status(ProbeResult result, Instant since) {
	}

}
