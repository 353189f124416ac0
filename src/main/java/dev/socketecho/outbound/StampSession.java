package dev.socketecho.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of the packets of one session: which replies are right, came again,
 * came out of order, came too late, or were altered on the way. Confined to an event
 * loop.
 */
final class StampSession {

	/** So many packets are remembered, for duplicates and late replies. */
	private static final int REMEMBERED = 8192;

	private final int session = ThreadLocalRandom.current().nextInt(1, 0x10000);

	private final Map<Integer, Packet> packets = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Integer, Packet> eldest) {
			return size() > REMEMBERED;
		}

	};

	private int nextSequence;

	private long highest = -1;

	/**
	 * Makes the next packet.
	 */
	Packet next(int size, ProbeRound round) {
		int sequence = this.nextSequence++;
		byte[] content = StampPacket.create(this.session, sequence, Instant.now(),
				Math.max(size, StampPacket.MIN_SIZE));
		Packet packet = new Packet(content, round);
		this.packets.put(sequence, packet);
		return packet;
	}

	/**
	 * Takes in what came.
	 */
	Arrival received(ByteBuf content, long nanoTime) {
		long sequence = StampPacket.sequence(content, this.session);
		Packet packet = (sequence >= 0) ? this.packets.get((int) sequence) : null;
		if (packet == null) {
			return new Arrival(Kind.CORRUPTED, null, false);
		}
		if (!Bytes.equal(content, packet.content)) {
			return new Arrival(Kind.CORRUPTED, packet.isOutstanding() ? packet : null, false);
		}
		if (packet.state == State.RECEIVED) {
			return new Arrival(Kind.DUPLICATED, null, false);
		}
		if (!packet.isOutstanding()) {
			return new Arrival(Kind.LATE, null, false);
		}
		packet.state = State.RECEIVED;
		packet.roundTrip = Duration.ofNanos(nanoTime - packet.sentNanos);
		boolean reordered = sequence < this.highest;
		this.highest = Math.max(this.highest, sequence);
		return new Arrival(Kind.RECEIVED, packet, reordered);
	}

	enum Kind {

		/** In time and as it was sent. */
		RECEIVED,

		/** Received before. */
		DUPLICATED,

		/** Given up before. */
		LATE,

		/** Not what was sent. */
		CORRUPTED

	}

	private enum State {

		OUTSTANDING, RECEIVED, GIVEN_UP

	}

	/**
	 * Something that came.
	 *
	 * @param kind what it is
	 * @param packet what it answers, {@code null} if nothing that is outstanding
	 * @param reordered whether the reply to a later packet came first
	 */
	record Arrival(Kind kind, @Nullable Packet packet, boolean reordered) {
	}

	/**
	 * A packet.
	 */
	static final class Packet {

		private final byte[] content;

		private final ProbeRound round;

		private final long sentNanos = System.nanoTime();

		private State state = State.OUTSTANDING;

		private Duration roundTrip = Duration.ZERO;

		Packet(byte[] content, ProbeRound round) {
			this.content = content;
			this.round = round;
		}

		byte[] content() {
			return this.content;
		}

		ProbeRound round() {
			return this.round;
		}

		Duration roundTrip() {
			return this.roundTrip;
		}

		boolean isOutstanding() {
			return this.state == State.OUTSTANDING;
		}

		/**
		 * No right reply is expected any longer.
		 */
		void giveUp() {
			this.state = State.GIVEN_UP;
		}

	}

}
