package dev.socketecho.transport.udp;

import java.net.InetAddress;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which datagrams of a server are answered. Thread-safe.
 */
public final class UdpAdmission {

	private final SourceFilter sources;

	private final LoopGuard guard;

	private final @Nullable Integer replyPort;

	private final int maxDatagramSize;

	private final @Nullable SourceRateLimiter rate;

	UdpAdmission(UdpServerSettings settings, LoopGuard guard, @Nullable SourceRateLimiter rate) {
		this.sources = settings.sources();
		this.guard = guard;
		this.replyPort = settings.replyPort();
		this.maxDatagramSize = settings.maxDatagramSize();
		this.rate = rate;
	}

	/**
	 * What a sender's address alone decides; worth remembering.
	 * @return why it never gets an answer, {@code null} if it may
	 */
	public @Nullable DropReason refusal(InetAddress sender) {
		if (!this.sources.permits(sender)) {
			return DropReason.DENIED;
		}
		return this.guard.blocks(sender) ? DropReason.LOOP_GUARD : null;
	}

	/**
	 * Lets a datagram in, or says why not.
	 * @param peer the sender
	 * @param length the datagram's length
	 * @return {@code null} if it is in
	 */
	@Nullable DropReason admit(Peer peer, int length) {
		if (peer.refusal() != null) {
			return peer.refusal();
		}
		if (this.guard.blocks(peer.port()) || (this.replyPort != null && this.guard.blocks(this.replyPort))) {
			return DropReason.LOOP_GUARD;
		}
		if (this.rate != null && !this.rate.take(peer.ip())) {
			return DropReason.RATE_LIMITED;
		}
		return (length > this.maxDatagramSize) ? DropReason.MESSAGE_TOO_LONG : null;
	}

}
