package dev.socketecho.probe;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import dev.socketecho.codec.Bytes;
import dev.socketecho.stamp.StampPacket;
import dev.socketecho.stamp.StampTime;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what happened to the packets of one session: which replies are right,
 * duplicated, reordered, late or corrupted. It remembers the packets of the last rounds
 * only, and for each one what the packet can be made from again, not its bytes. Used by
 * {@link UdpProber} on one event loop.
 */
final class StampSession {

	/** How many rounds are remembered, to recognise duplicates and late replies. */
	private static final int REMEMBERED_ROUNDS = 4;

	/** How many packets are remembered at least, however small the rounds are. */
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
	 * Creates a session whose sequence numbers start with 0 (RFC 8762, 4.2.1).
	 */
	StampSession() {
		this(0);
	}

	/**
	 * Creates a session that starts with any sequence number.
	 * @param firstSequence the number of the first packet, unsigned
	 */
	StampSession(int firstSequence) {
		this.firstSequence = firstSequence;
		this.nextSequence = firstSequence;
		this.highest = firstSequence - 1;
	}

	/**
	 * A round begins.
	 * @param count how many packets it sends
	 */
	void beginRound(int count) {
		this.remembered = Math.max(this.remembered, REMEMBERED_ROUNDS * count);
	}

	/**
	 * Makes the next packet. It must be sent at once: it has the time in it.
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
	 * Finds the packet that a datagram answers, and how.
	 */
	Arrival received(ByteBuf content, long nanoTime) {
		long unsigned = StampPacket.echoSequence(content, this.session);
		int sequence = (int) unsigned;
		Packet packet = (unsigned >= 0) ? this.packets.get(sequence) : null;
		if (packet == null) {
			boolean forgotten = unsigned >= 0 && isForgotten(sequence) && isOfSession(content, sequence);
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
	 * Whether the packet was sent, but is no longer remembered.
	 */
	private boolean isForgotten(int sequence) {
		int oldest = this.nextSequence - this.packets.size();
		return sequence - oldest < 0 && sequence - this.firstSequence >= 0;
	}

	/**
	 * Whether this session may have sent these bytes with this sequence number, at any
	 * time.
	 */
	private boolean isOfSession(ByteBuf content, int sequence) {
		return Bytes.equal(content, StampPacket.forEcho(this.session, sequence, StampPacket.echoTimestamp(content),
				content.readableBytes()));
	}

	/**
	 * What a datagram is.
	 */
	enum Kind {

		/** In time, and equal to the packet. */
		RECEIVED,

		/** A reply that was received before. */
		DUPLICATED,

		/** The reply to a packet that was given up. */
		LATE,

		/** Different from the packet. */
		CORRUPTED

	}

	private enum State {

		OUTSTANDING, RECEIVED, GIVEN_UP

	}

	/**
	 * A datagram that was received.
	 *
	 * @param kind what it is
	 * @param packet the outstanding packet that it answers, {@code null} if there is none
	 * @param reordered whether the reply to a later packet came first
	 */
	record Arrival(Kind kind, @Nullable Packet packet, boolean reordered) {
	}

	/**
	 * A packet. It is made when it is sent.
	 */
	static final class Packet {

		private final int session;

		private final int sequence;

		private final int size;

		private final RoundStatistics round;

		private final long timestamp = StampTime.toNtp(StampTime.now());

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
		 * Makes the packet's bytes, which are the same each time.
		 */
		byte[] content() {
			return StampPacket.forEcho(this.session, this.sequence, this.timestamp, this.size);
		}

		/**
		 * The packet is given to the socket.
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
		 * The packet's reply is no longer expected.
		 */
		void giveUp() {
			this.state = State.GIVEN_UP;
		}

	}

}
