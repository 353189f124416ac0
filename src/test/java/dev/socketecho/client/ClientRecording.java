package dev.socketecho.client;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;

/**
 * A recorder that remembers.
 */
public final class ClientRecording implements ClientRecorder {

	final AtomicInteger opened = new AtomicInteger();

	final AtomicInteger closed = new AtomicInteger();

	final AtomicLong bytesReceived = new AtomicLong();

	final AtomicLong bytesSent = new AtomicLong();

	final AtomicLong messagesSent = new AtomicLong();

	final AtomicInteger sends = new AtomicInteger();

	final AtomicInteger roundTrips = new AtomicInteger();

	public final List<SocketError> errors = new CopyOnWriteArrayList<>();

	@Override
	public void connectionOpened() {
		this.opened.incrementAndGet();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		this.closed.incrementAndGet();
	}

	@Override
	public void bytesReceived(long bytes) {
		this.bytesReceived.addAndGet(bytes);
	}

	@Override
	public void messagesReceived(long messages) {
	}

	@Override
	public void sent(long bytes, long messages) {
		this.sends.incrementAndGet();
		this.bytesSent.addAndGet(bytes);
		this.messagesSent.addAndGet(messages);
	}

	@Override
	public void error(SocketError error) {
		this.errors.add(error);
	}

	@Override
	public void roundTrip(Duration roundTrip) {
		this.roundTrips.incrementAndGet();
	}

}
