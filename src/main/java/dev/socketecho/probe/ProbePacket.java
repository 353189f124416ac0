package dev.socketecho.probe;

import java.time.Duration;

import dev.socketecho.stamp.StampPacket;
import dev.socketecho.stamp.StampTime;

/**
 * A packet of a {@link StampSession}. It is made when it is sent. It remembers what its
 * bytes can be made from again, not the bytes. Used on one event loop.
 */
final class ProbePacket {

	private final ProbeProtocol protocol;

	private final int session;

	private final int sequence;

	private final int size;

	private final RoundStatistics round;

	private final long madeNanos = StampTime.now();

	private final long timestamp = StampTime.toNtp(this.madeNanos);

	private long sentNanos;

	private State state = State.OUTSTANDING;

	private boolean repliedLate;

	private Duration roundTrip = Duration.ZERO;

	ProbePacket(ProbeProtocol protocol, int session, int sequence, int size, RoundStatistics round) {
		this.protocol = protocol;
		this.session = session;
		this.sequence = sequence;
		this.size = switch (protocol) {
			case ProbeProtocol.Echo _ -> Math.max(size, StampPacket.MIN_SIZE);
			case ProbeProtocol.Stamp stamp -> stamp.sender().size(size);
		};
		this.round = round;
	}

	/**
	 * Makes the packet's bytes, which are the same each time.
	 */
	byte[] content() {
		return switch (this.protocol) {
			case ProbeProtocol.Echo _ -> StampPacket.forEcho(this.session, this.sequence, this.timestamp, this.size);
			case ProbeProtocol.Stamp stamp ->
				stamp.sender().packet(this.session, this.sequence, this.timestamp, false, this.size);
		};
	}

	/**
	 * The packet is given to the socket.
	 */
	void sent(long nanoTime) {
		this.sentNanos = nanoTime;
	}

	/**
	 * The packet is answered.
	 * @param nanoTime when, as the monotonic clock has it
	 * @param reflectorNanos how long the reflector took, which is no part of the round
	 * trip
	 */
	void received(long nanoTime, long reflectorNanos) {
		this.state = State.RECEIVED;
		this.roundTrip = Duration.ofNanos(Math.max(0, nanoTime - this.sentNanos - reflectorNanos));
	}

	/**
	 * The packet's reply is no longer expected.
	 */
	void giveUp() {
		this.state = State.GIVEN_UP;
	}

	/**
	 * A reply has come after the packet was given up.
	 * @return whether it is the first one
	 */
	boolean isFirstLateReply() {
		boolean first = !this.repliedLate;
		this.repliedLate = true;
		return first;
	}

	boolean isOutstanding() {
		return this.state == State.OUTSTANDING;
	}

	boolean isReceived() {
		return this.state == State.RECEIVED;
	}

	int sequence() {
		return this.sequence;
	}

	int size() {
		return this.size;
	}

	RoundStatistics round() {
		return this.round;
	}

	Duration roundTrip() {
		return this.roundTrip;
	}

	/**
	 * When it was made, as the wall clock has it, in nanoseconds since 1970.
	 */
	long madeNanos() {
		return this.madeNanos;
	}

	/**
	 * The same time as the packet has it.
	 */
	long timestamp() {
		return this.timestamp;
	}

	private enum State {

		OUTSTANDING, RECEIVED, GIVEN_UP

	}

}
