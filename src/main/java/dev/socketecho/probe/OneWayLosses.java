package dev.socketecho.probe;

import dev.socketecho.stamp.StampCounts;
import dev.socketecho.stamp.StampReply;
import dev.socketecho.telemetry.ProbeRecorder;
import org.jspecify.annotations.Nullable;

/**
 * Tells the losses of each direction from what a reflector has counted, for
 * {@link OneWayDelays}. Used on one event loop.
 * <p>
 * There are two sources. With Direct Measurement TLVs (RFC 8972, 4.5) the answers have
 * the reflector's counters. Otherwise a stateful reflector numbers its answers itself
 * (RFC 8762, 4.3.1), which is a counter, too. A stateless one repeats the packet's
 * number. So does, as it seems, a stateful one that has missed no packet: which of the
 * two it is shows when it misses the first one, and then the losses before it are
 * counted, too. If the operator says that it is stateful, nothing is waited for.
 * <p>
 * Packets that were sent and that the reflector has not counted were lost on the way
 * there. Answers that it has counted and that did not come were lost on the way back.
 * Neither can be more than what is missing in all.
 */
final class OneWayLosses {

	private final boolean stateful;

	/** Where the counting began, {@code null} before the first answer. */
	private @Nullable Counters base;

	private Counters highest = Counters.NONE;

	/** The highest ones of the rounds before, {@code null} in the first round. */
	private @Nullable Counters before;

	/** The highest ones of this round, {@code null} before its first answer. */
	private @Nullable Counters round;

	private boolean direct;

	private boolean tells;

	private int arrived;

	private int lostForward;

	private int lostBackward;

	/**
	 * Creates an instance for a session.
	 * @param stateful whether the reflector is known to be stateful
	 */
	OneWayLosses(boolean stateful) {
		this.stateful = stateful;
	}

	/**
	 * An answer has come.
	 * @param reply the answer
	 * @param inTime whether it answers a packet of this round
	 */
	void answered(StampReply reply, boolean inTime) {
		Counters counters = Counters.of(reply);
		boolean isDirect = reply.counts() != null;
		Counters from = this.base;
		if (from == null || isDirect != this.direct) {
			this.direct = isDirect;
			this.tells = isDirect || this.stateful;
			// Sequence numbers begin with 0. What a counter began with is unknown.
			from = (from == null && !isDirect) ? Counters.NONE : counters;
			begin(from);
		}
		this.tells |= counters.packet() != counters.received();
		if (counters.packet() - from.packet() > 0) {
			this.arrived++;
		}
		this.highest = this.highest.max(counters);
		if (inTime) {
			this.round = (this.round != null) ? this.round.max(counters) : counters;
		}
	}

	private void begin(Counters from) {
		this.base = from;
		this.highest = from;
		this.before = null;
		this.round = null;
		this.arrived = 0;
		this.lostForward = 0;
		this.lostBackward = 0;
	}

	/**
	 * The round has ended. What was lost after the last answer counts in a later round.
	 */
	void endRound(ProbeRecorder recorder) {
		Counters from = this.base;
		Counters last = this.round;
		this.round = null;
		if (from == null || last == null) {
			return;
		}
		if (isUnusable(from, last)) {
			begin(last);
			this.before = last;
			return;
		}
		this.before = this.highest;
		if (this.tells) {
			record(from, recorder);
		}
	}

	/**
	 * Returns whether the counters of this round do not go on from those before. Either
	 * the reflector has begun anew, such as after a restart. Or it has counted more
	 * packets than were sent: those of other senders, too, or some that were doubled on
	 * the way.
	 */
	private boolean isUnusable(Counters from, Counters last) {
		boolean began = this.before != null && last.received() - this.before.received() <= 0;
		return began || this.highest.received() - from.received() > this.highest.packet() - from.packet();
	}

	private void record(Counters from, ProbeRecorder recorder) {
		int sent = this.highest.packet() - from.packet();
		int missing = Math.max(0, sent - this.arrived);
		int forward = Math.clamp(sent - (this.highest.received() - from.received()), 0, missing);
		int backward = Math.clamp(this.highest.sent() - from.sent() - this.arrived, 0, missing - forward);
		// A late answer may lower them. What was counted stays.
		forward = Math.max(this.lostForward, forward);
		backward = Math.max(this.lostBackward, backward);
		recorder.lostOneWay(forward - this.lostForward, backward - this.lostBackward);
		this.lostForward = forward;
		this.lostBackward = backward;
	}

	/**
	 * Counters that go on modulo 2^32.
	 *
	 * @param packet the number of the packet
	 * @param received how many packets the reflector has received, more or less some
	 * constant
	 * @param sent how many answers it has sent, likewise
	 */
	private record Counters(int packet, int received, int sent) {

		/** Before the first packet and the first answer, which have the number 0. */
		static final Counters NONE = new Counters(-1, -1, -1);

		static Counters of(StampReply reply) {
			StampCounts counts = reply.counts();
			return (counts != null) ? new Counters(reply.senderSequence(), counts.received(), counts.sent())
					: new Counters(reply.senderSequence(), reply.sequence(), reply.sequence());
		}

		Counters max(Counters other) {
			return new Counters(later(this.packet, other.packet), later(this.received, other.received),
					later(this.sent, other.sent));
		}

		/** The later one of two serial numbers (RFC 1982). */
		private static int later(int one, int other) {
			return (other - one > 0) ? other : one;
		}

	}

}
