package dev.socketecho.transport.tcp.traffic;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

import dev.socketecho.telemetry.TrafficCounter;
import dev.socketecho.telemetry.TrafficRecorder;
import io.netty.util.concurrent.Ticker;

/**
 * The traffic of one connection, for {@code /actuator/connections} and the timeouts. The
 * connection's event loop counts, and passes each count on to the recorder of the server
 * or client; any thread reads. One writer needs no atomic addition. The counts are fields
 * and not an array: each event changes them, and with many connections each object costs
 * a cache miss.
 */
public final class ConnectionTraffic {

	private static final VarHandle BYTES_IN = field("bytesIn");

	private static final VarHandle BYTES_OUT = field("bytesOut");

	private static final VarHandle MESSAGES_IN = field("messagesIn");

	private static final VarHandle MESSAGES_OUT = field("messagesOut");

	private static final VarHandle LAST_ACTIVE = field("lastActive");

	private final TrafficCounter all;

	private long bytesIn;

	private long bytesOut;

	private long messagesIn;

	private long messagesOut;

	private long lastActive;

	/**
	 * Creates an instance. Called on the connection's event loop.
	 * @param recorder the recorder of the server or client
	 * @param nanoTime the time of the opening, by Netty's ticker, in ns
	 */
	public ConnectionTraffic(TrafficRecorder recorder, long nanoTime) {
		this.all = recorder.ofEventLoop();
		active(nanoTime);
	}

	/**
	 * Counts bytes that were read. On the event loop only, as all methods that count.
	 * @param bytes how many
	 */
	public void bytesReceived(int bytes) {
		BYTES_IN.setRelease(this, this.bytesIn + bytes);
		this.all.bytesReceived(bytes);
	}

	/**
	 * Counts messages that were received.
	 * @param messages how many
	 */
	public void messagesReceived(int messages) {
		MESSAGES_IN.setRelease(this, this.messagesIn + messages);
		this.all.messagesReceived(messages);
	}

	/**
	 * Counts what was sent.
	 * @param bytes how many bytes
	 * @param messages how many messages they end
	 */
	public void sent(long bytes, long messages) {
		BYTES_OUT.setRelease(this, this.bytesOut + bytes);
		MESSAGES_OUT.setRelease(this, this.messagesOut + messages);
		this.all.sent(bytes, messages);
	}

	/**
	 * The connection was read from.
	 * @param nanoTime when, by Netty's ticker, in ns
	 */
	public void active(long nanoTime) {
		LAST_ACTIVE.setRelease(this, nanoTime);
	}

	/**
	 * Returns how many bytes were read. Any thread, as all methods that return a count.
	 * @return the number since the opening
	 */
	public long bytesIn() {
		return (long) BYTES_IN.getAcquire(this);
	}

	/**
	 * Returns how many bytes were sent.
	 * @return the number since the opening
	 */
	public long bytesOut() {
		return (long) BYTES_OUT.getAcquire(this);
	}

	/**
	 * Returns how many messages were received.
	 * @return the number since the opening
	 */
	public long messagesIn() {
		return (long) MESSAGES_IN.getAcquire(this);
	}

	/**
	 * Returns how many messages were sent.
	 * @return the number since the opening
	 */
	public long messagesOut() {
		return (long) MESSAGES_OUT.getAcquire(this);
	}

	/**
	 * Returns when the connection was last read from.
	 * @return the time by Netty's ticker, in ns
	 */
	public long lastActive() {
		return (long) LAST_ACTIVE.getAcquire(this);
	}

	/**
	 * Returns how long ago the connection was last read from.
	 * @return the time since then
	 */
	public Duration idle() {
		return Duration.ofNanos(Ticker.systemTicker().nanoTime() - lastActive());
	}

	private static VarHandle field(String name) {
		try {
			return MethodHandles.lookup().findVarHandle(ConnectionTraffic.class, name, long.class);
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

}
