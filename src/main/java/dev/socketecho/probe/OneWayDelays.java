package dev.socketecho.probe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToLongFunction;

import dev.socketecho.stamp.StampReply;
import dev.socketecho.telemetry.ProbeRecorder;

/**
 * What a reflector's answers tell about each direction, for {@link UdpProber}: delays of
 * a round, and losses of a session. Used on one event loop.
 * <p>
 * A stateful reflector numbers its answers itself (RFC 8762, 4.3.1): the highest number
 * of a packet that was answered, less the highest number of an answer, is how many
 * packets did not reach it. The rest of what is missing was lost on the way back. A
 * stateless reflector repeats the packet's number. So does, as it seems, a stateful one
 * that has missed no packet: which of the two it is shows when it misses the first one,
 * and then the losses before it are counted, too.
 */
final class OneWayDelays {

	private final List<Sample> samples = new ArrayList<>();

	private boolean stateful;

	private int highestPacket = -1;

	private int highestAnswer = -1;

	private int arrived;

	private int lostForward;

	private int lostBackward;

	/**
	 * An answer has come.
	 * @param sample what it tells
	 * @param inTime whether it counts for the delays of the round
	 */
	void answered(Sample sample, boolean inTime) {
		if (inTime) {
			this.samples.add(sample);
		}
		int packet = sample.reply().senderSequence();
		int answer = sample.reply().sequence();
		this.arrived++;
		this.stateful |= packet != answer;
		this.highestPacket = (packet - this.highestPacket > 0) ? packet : this.highestPacket;
		this.highestAnswer = (answer - this.highestAnswer > 0) ? answer : this.highestAnswer;
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
		if (this.stateful) {
			int forward = Math.max(this.lostForward, this.highestPacket - this.highestAnswer);
			int backward = Math.max(this.lostBackward, this.highestPacket + 1 - this.arrived - forward);
			recorder.lostOneWay(forward - this.lostForward, backward - this.lostBackward);
			this.lostForward = forward;
			this.lostBackward = backward;
		}
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
