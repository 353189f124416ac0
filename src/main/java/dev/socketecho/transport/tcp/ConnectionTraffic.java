package dev.socketecho.transport.tcp;

import java.time.Duration;

import dev.socketecho.telemetry.SingleWriterCounts;
import dev.socketecho.telemetry.TrafficCounter;
import dev.socketecho.telemetry.TrafficRecorder;
import io.netty.util.concurrent.Ticker;

/**
 * The traffic of one connection, for {@code /actuator/connections} and the timeouts. The
 * connection's event loop counts, and passes each count on to the recorder of the server
 * or client; any thread reads.
 */
final class ConnectionTraffic extends SingleWriterCounts {

	private static final int BYTES_IN = 0;

	private static final int BYTES_OUT = 1;

	private static final int MESSAGES_IN = 2;

	private static final int MESSAGES_OUT = 3;

	private static final int LAST_ACTIVE = 4;

	private final TrafficCounter all;

	/**
	 * Creates an instance. Called on the connection's event loop.
	 * @param recorder the recorder of the server or client
	 * @param nanoTime the time of the opening, by Netty's ticker, in ns
	 */
	ConnectionTraffic(TrafficRecorder recorder, long nanoTime) {
		super(LAST_ACTIVE + 1);
		this.all = recorder.ofEventLoop();
		active(nanoTime);
	}

	void bytesReceived(int bytes) {
		add(BYTES_IN, bytes);
		this.all.bytesReceived(bytes);
	}

	void messagesReceived(int messages) {
		add(MESSAGES_IN, messages);
		this.all.messagesReceived(messages);
	}

	void sent(long bytes, long messages) {
		add(BYTES_OUT, bytes);
		add(MESSAGES_OUT, messages);
		this.all.sent(bytes, messages);
	}

	/**
	 * The connection was read from.
	 * @param nanoTime when, by Netty's ticker, in ns
	 */
	void active(long nanoTime) {
		set(LAST_ACTIVE, nanoTime);
	}

	long bytesIn() {
		return get(BYTES_IN);
	}

	long bytesOut() {
		return get(BYTES_OUT);
	}

	long messagesIn() {
		return get(MESSAGES_IN);
	}

	long messagesOut() {
		return get(MESSAGES_OUT);
	}

	/**
	 * When the connection was last read from, by Netty's ticker, in ns.
	 */
	long lastActive() {
		return get(LAST_ACTIVE);
	}

	/**
	 * How long ago that was.
	 */
	Duration idle() {
		return Duration.ofNanos(Ticker.systemTicker().nanoTime() - lastActive());
	}

}
