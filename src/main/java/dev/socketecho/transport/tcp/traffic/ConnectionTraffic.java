package dev.socketecho.transport.tcp.traffic;

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
public final class ConnectionTraffic extends SingleWriterCounts {

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
	public ConnectionTraffic(TrafficRecorder recorder, long nanoTime) {
		super(LAST_ACTIVE + 1);
		this.all = recorder.ofEventLoop();
		active(nanoTime);
	}

	/**
	 * Counts bytes that were read. On the event loop only, as all methods that count.
	 * @param bytes how many
	 */
	public void bytesReceived(int bytes) {
		add(BYTES_IN, bytes);
		this.all.bytesReceived(bytes);
	}

	/**
	 * Counts messages that were received.
	 * @param messages how many
	 */
	public void messagesReceived(int messages) {
		add(MESSAGES_IN, messages);
		this.all.messagesReceived(messages);
	}

	/**
	 * Counts what was sent.
	 * @param bytes how many bytes
	 * @param messages how many messages they end
	 */
	public void sent(long bytes, long messages) {
		add(BYTES_OUT, bytes);
		add(MESSAGES_OUT, messages);
		this.all.sent(bytes, messages);
	}

	/**
	 * The connection was read from.
	 * @param nanoTime when, by Netty's ticker, in ns
	 */
	public void active(long nanoTime) {
		set(LAST_ACTIVE, nanoTime);
	}

	/**
	 * Returns how many bytes were read. Any thread, as all methods that return a count.
	 * @return the number since the opening
	 */
	public long bytesIn() {
		return get(BYTES_IN);
	}

	/**
	 * Returns how many bytes were sent.
	 * @return the number since the opening
	 */
	public long bytesOut() {
		return get(BYTES_OUT);
	}

	/**
	 * Returns how many messages were received.
	 * @return the number since the opening
	 */
	public long messagesIn() {
		return get(MESSAGES_IN);
	}

	/**
	 * Returns how many messages were sent.
	 * @return the number since the opening
	 */
	public long messagesOut() {
		return get(MESSAGES_OUT);
	}

	/**
	 * Returns when the connection was last read from.
	 * @return the time by Netty's ticker, in ns
	 */
	public long lastActive() {
		return get(LAST_ACTIVE);
	}

	/**
	 * Returns how long ago the connection was last read from.
	 * @return the time since then
	 */
	public Duration idle() {
		return Duration.ofNanos(Ticker.systemTicker().nanoTime() - lastActive());
	}

}
