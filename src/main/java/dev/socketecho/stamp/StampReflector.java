package dev.socketecho.stamp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Makes the answers of a Session-Reflector (RFC 8762, 4.3; RFC 8972). The servers with
 * {@code mode: stamp} call {@link #check} and {@link #reflect} when a packet has come,
 * and {@link #finish} when its answer leaves. It keeps nothing about sessions.
 * Thread-safe.
 */
public final class StampReflector {

	/**
	 * The shortest packet that is answered, in bytes: what a TWAMP Light sender sends
	 * without padding (RFC 8762, 4.6; RFC 5357, 4.1.2).
	 */
	public static final int MIN_SIZE = 14;

	private static final int SEQUENCE = 0;

	private final @Nullable StampKey key;

	private final StampMode mode;

	private final int errorEstimate;

	private final TlvReflection tlvs;

	/**
	 * Creates a reflector.
	 * @param key the key of authenticated mode, {@code null} for the other mode
	 * @param isSynchronized whether something outside synchronises this host's clock to
	 * UTC
	 * @param grantsClass whether a sender may choose the DSCP of its answers (RFC 8972,
	 * 4.4)
	 */
	public StampReflector(@Nullable StampKey key, boolean isSynchronized, boolean grantsClass) {
		this.key = key;
		this.mode = (key != null) ? StampMode.AUTHENTICATED : StampMode.UNAUTHENTICATED;
		this.errorEstimate = ErrorEstimate.of(isSynchronized);
		this.tlvs = new TlvReflection(key, isSynchronized, grantsClass);
	}

	/**
	 * Decides whether a packet is answered. In authenticated mode its HMAC comes before
	 * everything else in it (RFC 8762, 4.4), and a packet without room for one has none.
	 * @param packet the packet; its indices stay
	 * @return what is wrong with it, if anything
	 */
	public Verdict check(ByteBuf packet) {
		if (packet.readableBytes() < MIN_SIZE) {
			return Verdict.TOO_SHORT;
		}
		if (this.key != null && (packet.readableBytes() < this.mode.size()
				|| !this.key.verifies(packet, packet.readerIndex(), this.mode.hmac()))) {
			return Verdict.NOT_AUTHENTIC;
		}
		return Verdict.ACCEPTED;
	}

	/**
	 * Returns the session identifier of a packet (RFC 8972, 3).
	 * @param packet a packet that {@link #check} has accepted
	 * @return 1 to 65535, 0 if the sender has not set one
	 */
	public int session(ByteBuf packet) {
		int at = this.mode.session();
		return (packet.readableBytes() >= at + Short.BYTES) ? packet.getUnsignedShort(packet.readerIndex() + at) : 0;
	}

	/**
	 * Returns the sequence number of a packet.
	 * @param packet a packet that {@link #check} has accepted
	 * @return the sequence number, unsigned
	 */
	public int sequence(ByteBuf packet) {
		return packet.getInt(packet.readerIndex() + SEQUENCE);
	}

	/**
	 * Makes the answer to a packet. It is as long as the packet, but at least the base
	 * packet (RFC 8762, 4.3 and 4.6).
	 * @param packet a packet that {@link #check} has accepted; its indices stay
	 * @param arrival how it has come
	 * @param counts what the answer says about the session
	 * @param allocator allocates the answer, outside the heap
	 * @return the answer, which the caller owns
	 */
	public Answer reflect(ByteBuf packet, StampArrival arrival, StampCounts counts, ByteBufAllocator allocator) {
		StampMode mode = this.mode;
		int at = packet.readerIndex();
		int length = packet.readableBytes();
		ByteBuf answer = allocator.directBuffer(Math.max(length, mode.size()));
		try {
			// The fields that must be zero, and T3 and the HMAC until the answer leaves
			answer.writeZero(mode.size());
			answer.setInt(SEQUENCE, counts.sequence());
			answer.setShort(mode.errorEstimate(), this.errorEstimate);
			answer.setShort(mode.session(), session(packet));
			answer.setLong(mode.receiveTimestamp(), StampTime.toNtp(arrival.nanos()));
			answer.setInt(mode.senderSequence(), packet.getInt(at + SEQUENCE));
			answer.setLong(mode.senderTimestamp(), packet.getLong(at + mode.timestamp()));
			answer.setShort(mode.senderErrorEstimate(), packet.getShort(at + mode.errorEstimate()));
			answer.setByte(mode.senderTtl(), arrival.hopLimit());
			if (length <= mode.size()) {
				return new Answer(answer, StampArrival.NO_CLASS);
			}
			answer.writeBytes(packet, at + mode.size(), length - mode.size());
			return new Answer(answer, this.tlvs.reflect(packet, answer, mode.size(), arrival, counts));
		}
		catch (Throwable ex) {
			answer.release();
			throw ex;
		}
	}

	/**
	 * Writes the time of sending into an answer, and then its HMAC. Called just before
	 * the answer leaves; if it could not leave, called again.
	 * @param answer an answer that {@link #reflect} has made; its indices stay
	 */
	public void finish(ByteBuf answer) {
		int at = answer.readerIndex();
		if (answer.readableBytes() < this.mode.size()) {
			// Not an answer of a reflector, but a datagram that another flow has sent.
			return;
		}
		answer.setLong(at + this.mode.timestamp(), StampTime.toNtp(StampTime.now()));
		if (this.key != null) {
			this.key.sign(answer, at, this.mode.hmac());
		}
	}

	/**
	 * Whether a packet is answered.
	 */
	public enum Verdict {

		/** It is answered. */
		ACCEPTED,

		/** It is shorter than any packet. */
		TOO_SHORT,

		/** Its HMAC is wrong, or it has none. */
		NOT_AUTHENTIC

	}

	/**
	 * An answer.
	 *
	 * @param content its bytes, without the time of sending
	 * @param trafficClass its DSCP and ECN, {@link StampArrival#NO_CLASS} for those of
	 * the socket
	 */
	public record Answer(ByteBuf content, int trafficClass) {
	}

}
