package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TcpServerRecorder;

/**
 * Remembers what it was told.
 */
public final class RecordingTcpServerRecorder implements TcpServerRecorder {

	public final AtomicLong opened = new AtomicLong();

	public final AtomicLong bytesReceived = new AtomicLong();

	public final AtomicLong messagesReceived = new AtomicLong();

	public final AtomicLong bytesSent = new AtomicLong();

	public final AtomicLong messagesSent = new AtomicLong();

	public final AtomicLong tlsHandshakes = new AtomicLong();

	/** The number of flushes. */
	public final AtomicLong sends = new AtomicLong();

	public final List<CloseReason> closed = new CopyOnWriteArrayList<>();

	public final List<CloseReason> rejected = new CopyOnWriteArrayList<>();

	public final List<SocketError> errors = new CopyOnWriteArrayList<>();

	@Override
	public void connectionOpened() {
		this.opened.incrementAndGet();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		this.closed.add(reason);
	}

	@Override
	public void connectionRejected(CloseReason reason) {
		this.rejected.add(reason);
	}

	@Override
	public void bytesReceived(long bytes) {
		this.bytesReceived.addAndGet(bytes);
	}

	@Override
	public void messagesReceived(long messages) {
		this.messagesReceived.addAndGet(messages);
	}

	@Override
	public void sent(long bytes, long messages) {
		this.bytesSent.addAndGet(bytes);
		this.messagesSent.addAndGet(messages);
		this.sends.incrementAndGet();
	}

	@Override
	public void tlsHandshake(Duration taken) {
		this.tlsHandshakes.incrementAndGet();
	}

	@Override
	public void error(SocketError error) {
		this.errors.add(error);
	}

}
