package dev.socketecho.probe;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

import dev.socketecho.codec.Bytes;
import dev.socketecho.stamp.StampPacket;
import dev.socketecho.stamp.StampReply;
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

	private final Map<Integer, ProbePacket> packets = new LinkedHashMap<>() {

		private static final long serialVersionUID = 1L;

		@Override
		protected boolean removeEldestEntry(Map.Entry<Integer, ProbePacket> eldest) {
			return size() > StampSession.this.remembered;
		}

	};

	private final ProbeProtocol protocol;

	private final int firstSequence;

	private int remembered = LEAST_REMEMBERED;

	private int nextSequence;

	private int highest;

	/**
	 * Creates a session whose sequence numbers start with 0 (RFC 8762, 4.2.1).
	 * @param protocol what the target answers with
	 */
	StampSession(ProbeProtocol protocol) {
		this(protocol, 0);
	}

	/**
	 * Creates a session that starts with any sequence number.
	 * @param protocol what the target answers with
	 * @param firstSequence the number of the first packet, unsigned
	 */
	StampSession(ProbeProtocol protocol, int firstSequence) {
		this.protocol = protocol;
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
	ProbePacket next(int size, RoundStatistics round) {
		int sequence = this.nextSequence++;
		ProbePacket packet = new ProbePacket(this.protocol, this.session, sequence, size, round);
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
		if (this.protocol instanceof ProbeProtocol.Stamp stamp) {
			return reflected(content, nanoTime, stamp);
		}
		long unsigned = StampPacket.echoSequence(content, this.session);
		int sequence = (int) unsigned;
		ProbePacket packet = (unsigned >= 0) ? this.packets.get(sequence) : null;
		if (packet == null) {
			boolean forgotten = unsigned >= 0 && isForgotten(sequence) && isOfSession(content, sequence);
			return new Arrival(forgotten ? Kind.LATE : Kind.CORRUPTED, null, false, null);
		}
		if (content.readableBytes() != packet.size() || !Bytes.equal(content, packet.content())) {
			return new Arrival(Kind.CORRUPTED, packet.isOutstanding() ? packet : null, false, null);
		}
		return answered(packet, nanoTime, null);
	}

	/**
	 * Finds the packet that a reflector has answered. Its answer says so: it repeats the
	 * number and the timestamp of the packet, and the session identifier if it knows it
	 * (RFC 8972, 3).
	 */
	private Arrival reflected(ByteBuf content, long nanoTime, ProbeProtocol.Stamp stamp) {
		long now = StampTime.now();
		StampReply reply = StampReply.read(content, stamp.sender().key(), now);
		if (reply == null || (reply.session() != this.session && reply.session() != 0)) {
			return Arrival.CORRUPTED;
		}
		int sequence = reply.senderSequence();
		ProbePacket packet = this.packets.get(sequence);
		if (packet == null) {
			return new Arrival(isForgotten(sequence) ? Kind.LATE : Kind.CORRUPTED, null, false, null);
		}
		if (reply.senderTimestamp() != packet.timestamp()) {
			return new Arrival(Kind.CORRUPTED, packet.isOutstanding() ? packet : null, false, null);
		}
		return answered(packet, nanoTime, new OneWayDelays.Sample(reply, packet.madeNanos(), now));
	}

	private Arrival answered(ProbePacket packet, long nanoTime, OneWayDelays.@Nullable Sample sample) {
		if (packet.isReceived()) {
			return new Arrival(Kind.DUPLICATED, null, false, null);
		}
		if (!packet.isOutstanding()) {
			return new Arrival(Kind.LATE, null, false, packet.isFirstLateReply() ? sample : null);
		}
		packet.received(nanoTime, (sample != null) ? sample.reflectorNanos() : 0);
		// The numbers wrap around after 2^32 packets (RFC 1982).
		int sequence = packet.sequence();
		boolean reordered = sequence - this.highest < 0;
		if (!reordered) {
			this.highest = sequence;
		}
		return new Arrival(Kind.RECEIVED, packet, reordered, sample);
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

	/**
	 * A datagram that was received.
	 *
	 * @param kind what it is
	 * @param packet the outstanding packet that it answers, {@code null} if there is none
	 * @param reordered whether the reply to a later packet came first
	 * @param sample what a reflector has told, {@code null} for an echo
	 */
	record Arrival(Kind kind, @Nullable ProbePacket packet, boolean reordered, OneWayDelays.@Nullable Sample sample) {

		static final Arrival CORRUPTED = new Arrival(Kind.CORRUPTED, null, false, null);

	}

}
