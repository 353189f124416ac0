package dev.socketecho.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.socketecho.stamp.StampReply;
import dev.socketecho.telemetry.ProbeRecorder;

/**
 * What a reflector's answers tell about each direction, for {@link UdpProber}: delays of
 * a round, and {@link OneWayLosses losses} of a session. Used on one event loop.
 */
final class OneWayDelays {

	private final List<Sample> samples = new ArrayList<>();

	private final OneWayLosses losses;

	/**
	 * Creates an instance for a session.
	 * @param protocol what the target answers with
	 */
	OneWayDelays(ProbeProtocol protocol) {
		this.losses = new OneWayLosses(protocol instanceof ProbeProtocol.Stamp stamp && stamp.stateful());
	}

	/**
	 * An answer has come.
	 * @param sample what it tells
	 * @param inTime whether it counts for the delays of the round
	 */
	void answered(Sample sample, boolean inTime) {
		if (inTime) {
			this.samples.add(sample);
		}
		this.losses.answered(sample.reply(), inTime);
	}

	/**
	 * The round has ended. What was lost after the last answer counts in a later round.
	 */
	void endRound(ProbeRecorder recorder) {
		if (!this.samples.isEmpty()) {
			recorder.oneWayDelays(median(Sample::forwardNanos), median(Sample::backwardNanos),
					median(Sample::reflectorNanos));
			this.samples.clear();
		}
		this.losses.endRound(recorder);
	}

	private long median(ToLongFunction<Sample> value) {
		List<Long> sorted = this.samples.stream().map(value::applyAsLong).sorted(Comparator.naturalOrder()).toList();
		int middle = sorted.size() / 2;
		return (sorted.size() % 2 == 1) ? sorted.get(middle)
				: sorted.get(middle - 1) + (sorted.get(middle) - sorted.get(middle - 1)) / 2;
	}

	/**
	 * The times of one packet and its answer, as the wall clocks of both hosts have them.
	 *
	 * @param reply the answer, with T2 and T3
	 * @param sentNanos T1, in nanoseconds since 1970
	 * @param receivedNanos T4, in nanoseconds since 1970
	 */
	record Sample(StampReply reply, long sentNanos, long receivedNanos) {

		long forwardNanos() {
			return this.reply.received() - this.sentNanos;
		}

		long backwardNanos() {
			return this.receivedNanos - this.reply.sent();
		}

		/** Not below 0: a clock may be set back between the two times. */
		long reflectorNanos() {
			return Math.max(0, this.reply.sent() - this.reply.received());
		}

	}

}
