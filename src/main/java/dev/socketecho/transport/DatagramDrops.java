package dev.socketecho.transport;

import java.io.IOException;

import io.netty.util.NetUtil;
import org.apache.commons.logging.LogFactory;

/**
 * What becomes known of the datagrams that one server does not answer: a count of each,
 * and a line of log a second. Thread-safe.
 */
final class DatagramDrops {

	private final String server;

	private final DatagramRecorder recorder;

	private final RateLimitedLog warnings = new RateLimitedLog(LogFactory.getLog(DatagramPort.class), System::nanoTime);

	DatagramDrops(String server, DatagramRecorder recorder) {
		this.server = server;
		this.recorder = recorder;
	}

	/**
	 * A datagram is not answered.
	 */
	void dropped(DropReason reason, DatagramPeer peer) {
		this.recorder.dropped(reason);
		this.warnings.warn(() -> "Server '%s' does not answer a datagram of %s: %s".formatted(this.server,
				NetUtil.toSocketAddressString(peer.address()), reason.tag()));
	}

	/**
	 * The socket has refused an answer.
	 */
	void refused(DatagramPeer peer, IOException reason) {
		SocketError error = SocketError.of(reason);
		this.recorder.dropped(DropReason.SEND_FAILED);
		this.recorder.error(error);
		this.warnings.warn(() -> "Server '%s' cannot answer a datagram of %s: %s (%s)".formatted(this.server,
				NetUtil.toSocketAddressString(peer.address()), error.tag(), reason.getMessage()));
	}

	/**
	 * The flow has thrown.
	 */
	void failed(RuntimeException failure) {
		this.recorder.error(SocketError.UNKNOWN);
		this.warnings.warn(() -> "The flow of server '%s' failed: %s".formatted(this.server, failure));
	}

}
