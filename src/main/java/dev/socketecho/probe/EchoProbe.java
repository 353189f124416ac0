package dev.socketecho.probe;

import java.time.Duration;
import java.time.Instant;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.transport.loop.EventLoops;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A configured probe. It starts a round every interval, the first after a random part of
 * it, so that probes that start together do not stay together. Rounds do not overlap: one
 * that takes longer than the interval delays the next. Thread-safe.
 */
public final class EchoProbe {

	private static final Logger logger = LoggerFactory.getLogger(EchoProbe.class);

	private final Settings settings;

	private final EventLoops eventLoops;

	private final ProbeRecorder recorder;

	private final EventLoop eventLoop;

	private volatile @Nullable Status status;

	private @Nullable ProbeSchedule schedule;

	/**
	 * Creates a probe that is not started.
	 * @param settings what the probe is
	 * @param eventLoops the event loops, which outlive the probe
	 * @param recorder what is told of the probe's messages
	 */
	public EchoProbe(Settings settings, EventLoops eventLoops, ProbeRecorder recorder) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
		this.eventLoop = eventLoops.next();
	}

	/**
	 * Returns the probe's settings.
	 * @return the settings
	 */
	public Settings settings() {
		return this.settings;
	}

	/**
	 * Returns the state of the target.
	 * @return the status, {@code null} before the first round has ended
	 */
	public @Nullable Status status() {
		return this.status;
	}

	/**
	 * Starts the rounds, also after a stop. Any thread.
	 */
	void start() {
		this.eventLoop.execute(() -> {
			if (this.schedule == null) {
				this.schedule = new ProbeSchedule(this.settings, this.settings.target().prober(this.eventLoops),
						this.recorder, this.eventLoop, this::ended);
				this.schedule.start();
			}
		});
	}

	/**
	 * Stops the rounds and ends the current one. Any thread.
	 */
	void stop() {
		this.eventLoop.execute(() -> {
			ProbeSchedule current = this.schedule;
			if (current != null) {
				this.schedule = null;
				current.stop();
			}
		});
	}

	private void ended(ProbeResult result) {
		Status before = this.status;
		boolean changed = before == null || before.result().isUp() != result.isUp();
		this.status = new Status(result, (before == null || changed) ? Instant.now() : before.since());
		if (changed) {
			logger.info("Probe '{}' is {}{}", this.settings.name(), result.isUp() ? "up" : "down",
					(result.error() != null) ? ": " + result.error().tag() : "");
		}
	}

	/**
	 * The settings of a probe.
	 *
	 * @param name its name
	 * @param target what is probed
	 * @param interval the time from the start of one round to the start of the next
	 * @param timeout how long a connection, and each reply, may take
	 * @param count messages in a round
	 * @param payloadSize the length of a message, in bytes
	 */
	public record Settings(String name, ProbeTarget target, Duration interval, Duration timeout, int count,
			int payloadSize) {
	}

	/**
	 * The state of a target.
	 *
	 * @param result the result of the last round
	 * @param since the time since when the target is up, or down
	 */
	public record Status(ProbeResult result, Instant since) {
	}

}
