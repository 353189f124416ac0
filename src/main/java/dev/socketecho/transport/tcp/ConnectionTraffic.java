package dev.socketecho.transport.tcp;

import java.util.concurrent.atomic.AtomicLongArray;

import dev.socketecho.telemetry.TrafficCounter;
import dev.socketecho.telemetry.TrafficRecorder;

/**
 * The traffic of one connection. Counted on its event loop only, and passed on to the
 * recorder of the server or client; read by any thread.
 */
final class ConnectionTraffic {

	private static final int BYTES_IN = 0;

	private static final int BYTES_OUT = 1;

	private static final int MESSAGES_IN = 2;

	private static final int MESSAGES_OUT = 3;

	private static final int LAST_ACTIVE = 4;

	private final TrafficCounter all;

	private final AtomicLongArray counts = new AtomicLongArray(5);

	/**
	 * Creates an instance, on the connection's event loop.
	 */
	ConnectionTraffic(TrafficRecorder recorder, long nanoTime) {
		this.all = recorder.ofEventLoop();
		this.counts.setRelease(LAST_ACTIVE, nanoTime);
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

	void active(long nanoTime) {
		this.counts.setRelease(LAST_ACTIVE, nanoTime);
	}

	long bytesIn() {
		return this.counts.getAcquire(BYTES_IN);
	}

	long bytesOut() {
		return this.counts.getAcquire(BYTES_OUT);
	}

	long messagesIn() {
		return this.counts.getAcquire(MESSAGES_IN);
	}

	long messagesOut() {
		return this.counts.getAcquire(MESSAGES_OUT);
	}

	long lastActive() {
		return this.counts.getAcquire(LAST_ACTIVE);
	}

	/**
	 * One thread writes, so this needs no atomic addition.
	 */
	private void add(int index, long amount) {
		this.counts.setRelease(index, this.counts.getPlain(index) + amount);
	}

}
