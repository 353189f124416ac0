package dev.socketecho.probe;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;

/**
 * A recorder that remembers.
 */
public final class ProbeRecording implements ProbeRecorder {

	final AtomicInteger up = new AtomicInteger(-1);

	final AtomicInteger connected = new AtomicInteger();

	final AtomicInteger sent = new AtomicInteger();

	final AtomicInteger received = new AtomicInteger();

	final AtomicInteger lost = new AtomicInteger();

	final AtomicInteger duplicated = new AtomicInteger();

	final AtomicInteger reordered = new AtomicInteger();

	final AtomicInteger corrupted = new AtomicInteger();

	final List<SocketError> errors = new CopyOnWriteArrayList<>();

	@Override
	public void up(boolean up) {
		this.up.set(up ? 1 : 0);
	}

	@Override
	public void connected(Duration duration) {
		this.connected.incrementAndGet();
	}

	@Override
	public void sent() {
		this.sent.incrementAndGet();
	}

	@Override
	public void received(Duration roundTrip, Duration jitter) {
		this.received.incrementAndGet();
	}

	@Override
	public void lost() {
		this.lost.incrementAndGet();
	}

	@Override
	public void duplicated() {
		this.duplicated.incrementAndGet();
	}

	@Override
	public void reordered() {
		this.reordered.incrementAndGet();
	}

	@Override
	public void corrupted() {
		this.corrupted.incrementAndGet();
	}

	@Override
	public void error(SocketError error) {
		this.errors.add(error);
	}

}
