package dev.socketecho.transport.udp;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import org.apache.commons.logging.LogFactory;

/**
 * Reports the datagrams that a server does not answer: it counts all of them, and logs
 * one line a second at most. The classes of a {@link UdpServerSocket} call it.
 * Thread-safe.
 */
final class UdpDrops {

	private final String server;

	private final UdpServerRecorder recorder;

	private final RateLimitedLog warnings = new RateLimitedLog(LogFactory.getLog(UdpServerSocket.class),
			System::nanoTime);

	UdpDrops(String server, UdpServerRecorder recorder) {
		this.server = server;
		this.recorder = recorder;
	}

	/**
	 * A datagram is dropped.
	 */
	void dropped(DropReason reason, Peer peer) {
		this.recorder.dropped(reason);
		this.warnings.warn(() -> "Server '%s' does not answer a datagram of %s: %s".formatted(this.server,
				NetUtil.toSocketAddressString(peer.address()), reason.tag()));
	}

	/**
	 * A datagram is not sent, as there is no room or no socket for it.
	 * @param content its payload, which this releases
	 */
	void notSent(ByteBuf content, Peer peer) {
		content.release();
		dropped(DropReason.SEND_FAILED, peer);
	}

	/**
	 * An answer could not be sent.
	 */
	void refused(Peer peer, Throwable reason) {
		SocketError error = SocketError.of(reason);
		this.recorder.dropped(DropReason.SEND_FAILED);
		this.recorder.error(error);
		this.warnings.warn(() -> "Server '%s' cannot answer a datagram of %s: %s (%s)".formatted(this.server,
				NetUtil.toSocketAddressString(peer.address()), error.tag(), reason.getMessage()));
	}

	/**
	 * The socket could not receive.
	 */
	void notReceived(Throwable reason) {
		SocketError error = SocketError.of(reason);
		this.recorder.error(error);
		this.warnings
			.warn(() -> "Server '%s' cannot receive for now: %s (%s)".formatted(this.server, error.tag(), reason));
	}

	/**
	 * The flow has thrown. Throws nothing itself.
	 */
	void failed(Throwable failure) {
		try {
			this.recorder.error(SocketError.UNKNOWN);
			this.warnings.warn(() -> "The flow of server '%s' failed: %s".formatted(this.server, failure));
		}
		catch (Throwable ex) {
			// For example no memory for the log line. The datagrams matter more.
		}
	}

}
