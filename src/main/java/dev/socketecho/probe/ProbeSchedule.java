package dev.socketecho.probe;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the rounds of a probe from a start to the next stop. Whatever fails in a round,
 * the next one follows. Used on one event loop.
 */
final class ProbeSchedule {

	private static final Logger logger = LoggerFactory.getLogger(ProbeSchedule.class);

	private final EchoProbe.Settings settings;

	private final Prober prober;

	private final ProbeRecorder recorder;

	private final EventLoop eventLoop;

	private final Consumer<ProbeResult> listener;

	private @Nullable Future<?> next;

	private boolean stopped;

	/**
	 * Creates a schedule.
	 * @param prober runs the rounds; closed by {@link #stop}
	 * @param listener is told the result of each round that a stop did not interrupt
	 */
	ProbeSchedule(EchoProbe.Settings settings, Prober prober, ProbeRecorder recorder, EventLoop eventLoop,
			Consumer<ProbeResult> listener) {
		this.settings = settings;
		this.prober = prober;
		this.recorder = recorder;
		this.eventLoop = eventLoop;
		this.listener = listener;
	}

	/**
	 * Schedules the first round after a random part of the interval.
	 */
	void start() {
		schedule(ThreadLocalRandom.current().nextLong(this.settings.interval().toNanos()));
	}

	/**
	 * Ends the rounds for good.
	 */
	void stop() {
		this.stopped = true;
		Future<?> pending = this.next;
		if (pending != null) {
			pending.cancel(false);
		}
		this.prober.close();
	}

	private void schedule(long delayNanos) {
		this.next = this.eventLoop.schedule(this::round, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
	}

	private void round() {
		long start = System.nanoTime();
		begin().whenCompleteAsync((result, failure) -> {
			try {
				ended(result, failure);
			}
			catch (RuntimeException | Error ex) {
				logger.error("The result of probe '{}' could not be recorded", this.settings.name(), ex);
			}
			finally {
				if (!this.stopped) {
					schedule(this.settings.interval().toNanos() - (System.nanoTime() - start));
				}
			}
		}, this.eventLoop);
	}

	private CompletableFuture<ProbeResult> begin() {
		try {
			return this.prober.round(this.settings.count(), this.settings.timeout(), this.settings.payloadSize(),
					this.recorder);
		}
		catch (RuntimeException | Error ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private void ended(@Nullable ProbeResult result, @Nullable Throwable failure) {
		if (this.stopped) {
			return;
		}
		if (result != null) {
			this.listener.accept(result);
			return;
		}
		logger.error("A round of probe '{}' failed", this.settings.name(), failure);
		this.listener.accept(ProbeResult.failed(SocketError.UNKNOWN));
		this.recorder.up(false);
		this.recorder.error(SocketError.UNKNOWN);
	}

}
