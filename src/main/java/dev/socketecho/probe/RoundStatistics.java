package dev.socketecho.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in one round, and tells the probe's recorder. Used on one event
 * loop.
 */
final class RoundStatistics {

	private final ProbeRecorder recorder;

	private final Jitter jitter;

	private final List<Duration> roundTrips = new ArrayList<>();

	private int sent;

	private int lost;

	private int corrupted;

	private @Nullable Duration connect;

	private @Nullable SocketError error;

	RoundStatistics(ProbeRecorder recorder, Jitter jitter) {
		this.recorder = recorder;
		this.jitter = jitter;
	}

	void connected(Duration duration) {
		this.connect = duration;
		this.recorder.connected(duration);
	}

	void sent() {
		this.sent++;
		this.recorder.sent();
	}

	void received(Duration roundTrip) {
		this.roundTrips.add(roundTrip);
		this.recorder.received(roundTrip, this.jitter.next(roundTrip));
	}

	void lost() {
		this.lost++;
		this.recorder.lost();
	}

	void corrupted() {
		this.corrupted++;
		this.recorder.corrupted();
	}

	/**
	 * Keeps the first error.
	 */
	void failed(SocketError why) {
		if (this.error == null) {
			this.error = why;
			this.recorder.error(why);
		}
	}

	/**
	 * Ends the round.
	 */
	ProbeResult end() {
		if (this.lost > 0) {
			failed(SocketError.REPLY_TIMED_OUT);
		}
		if (this.corrupted > 0) {
			failed(SocketError.CORRUPTED_REPLY);
		}
		ProbeResult result = new ProbeResult(this.sent, List.copyOf(this.roundTrips), this.lost, this.corrupted,
				this.connect, this.error);
		this.recorder.up(result.isUp());
		return result;
	}

}
