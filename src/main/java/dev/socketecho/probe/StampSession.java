package dev.socketecho.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import dev.socketecho.codec.Bytes;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells what became of the packets of one session: which replies are right, came again,
 * came out of order, came too late, or were altered on the way. Of a packet it keeps what
 * the packet can be made of again, not the bytes, and no more packets than the last
 * rounds had. Confined to an event loop.
 */
final class StampSession {

	/**
	 * The packets of this many rounds are remembered, for duplicates and late replies.
	 */
	private static final int REMEMBERED_ROUNDS = 4;

	/** So many packets are remembered, however small the rounds are. */
	private static final int LEAST_REMEMBERED = 64;

	private final int session = ThreadLocalRandom.current().nextInt(1, 0x10000);

	private final Map<Integer, Packet> packets = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Integer, Packet> eldest) {
			return size() > StampSession.this.remembered;
		}

	};

	private final int firstSequence;

	private int remembered = LEAST_REMEMBERED;

	private int nextSequence;

	private int highest;

	/**
	 * Creates a session, whose sequence numbers begin with 0 (RFC 8762, 4.2.1).
	 */
	StampSession() {
		this(0);
	}

	/**
	 * Creates a session that is not at its beginning.
	 * @param firstSequence the next packet's number, unsigned
	 */
	StampSession(int firstSequence) {
		this.firstSequence = firstSequence;
		this.nextSequence = firstSequence;
		this.highest = firstSequence - 1;
	}

	/**
	 * A round begins.
	 * @param count how many packets it has
	 */
	void beginRound(int count) {
		this.remembered = Math.max(this.remembered, REMEMBERED_ROUNDS * count);
	}

	/**
	 * Creates the next packet, which the caller sends at once.
	 */
	Packet next(int size, RoundStatistics round) {
		int sequence = this.nextSequence++;
		Packet packet = new Packet(this.session, sequence, Math.max(size, StampPacket.MIN_SIZE), round);
		this.packets.put(sequence, packet);
		return packet;
	}

	/**
	 * How many packets are remembered.
	 */
	int remembered() {
		return this.packets.size();
	}

	/**
	 * Finds the packet that a received datagram answers.
	 */
	Arrival received(ByteBuf content, long nanoTime) {
		long unsigned = StampPacket.sequence(content, this.session);
		int sequence = (int) unsigned;
		Packet packet = (unsigned >= 0) ? this.packets.get(sequence) : null;
		if (packet == null) {
			boolean forgotten = unsigned >= 0 && isForgotten(sequence)
					&& StampPacket.isOf(content, this.session, sequence);
			return new Arrival(forgotten ? Kind.LATE : Kind.CORRUPTED, null, false);
		}
		if (content.readableBytes() != packet.size || !Bytes.equal(content, packet.content())) {
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
		// The numbers wrap around after 2^32 packets (RFC 1982).
		boolean reordered = sequence - this.highest < 0;
		if (!reordered) {
			this.highest = sequence;
		}
		return new Arrival(Kind.RECEIVED, packet, reordered);
	}

	/**
	 * Whether a packet was sent, and is older than those that are remembered.
	 */
	private boolean isForgotten(int sequence) {
		int oldest = this.nextSequence - this.packets.size();
		return sequence - oldest < 0 && sequence - this.firstSequence >= 0;
	}

	public enum Kind {

		/** In time and as it was sent. */
		RECEIVED,

		/** Received before. */
		DUPLICATED,

		/** Given up before. */
		LATE,

		/** Different from the packet that was sent, or no reply to any. */
		CORRUPTED

	}

	private enum State {

		OUTSTANDING, RECEIVED, GIVEN_UP

	}

	/**
	 * A datagram that has arrived.
	 *
	 * @param kind what it is
	 * @param packet the packet that it answers, {@code null} if it answers none that is
	 * outstanding
	 * @param reordered whether the reply to a later packet came first
	 */
	record Arrival(Kind kind, @Nullable Packet packet, boolean reordered) {
	}

	/**
	 * A packet, made when it is sent.
	 */
	static final class Packet {

		private final int session;

		private final int sequence;

		private final int size;

		private final RoundStatistics round;

		private final long timestamp = StampPacket.timestamp(Instant.now());

		private long sentNanos;

		private State state = State.OUTSTANDING;

		private Duration roundTrip = Duration.ZERO;

		Packet(int session, int sequence, int size, RoundStatistics round) {
			this.session = session;
			this.sequence = sequence;
			this.size = size;
			this.round = round;
		}

		/**
		 * Makes its bytes, the same each time.
		 */
		byte[] content() {
			return StampPacket.create(this.session, this.sequence, this.timestamp, this.size);
		}

		/**
		 * It is handed to the socket.
		 */
		void sent(long nanoTime) {
			this.sentNanos = nanoTime;
		}

		RoundStatistics round() {
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
