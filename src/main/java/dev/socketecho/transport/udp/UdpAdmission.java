package dev.socketecho.transport.udp;

import java.net.InetAddress;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.Peer;
import org.jspecify.annotations.Nullable;

/**
 * Decides which datagrams of a server are answered. {@link UdpInput} asks it for each
 * datagram, before the flow. Thread-safe: the sockets of a server share it.
 */
final class UdpAdmission {

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
	 * Returns why a sender never gets an answer. This depends on its address alone, so
	 * the result is kept in the {@link Peer}.
	 * @return {@code null} if it may get one
	 */
	@Nullable DropReason refusal(InetAddress sender) {
		if (!this.sources.permits(sender)) {
			return DropReason.DENIED;
		}
		return this.guard.blocks(sender) ? DropReason.LOOP_GUARD : null;
	}

	/**
	 * Decides about one datagram.
	 * @param peer the sender
	 * @param length the datagram's length in bytes
	 * @return why it is dropped, {@code null} if it is to be answered
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
