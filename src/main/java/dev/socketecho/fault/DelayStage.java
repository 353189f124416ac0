package dev.socketecho.fault;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Delay}: each chunk is late by its own delay, but never overtakes.
 */
final class DelayStage extends HoldingStage {

	private final Lateness lateness;

	private long lastDue;

	DelayStage(ActiveFault fault, FaultLine line, @Nullable Draw connection, Lateness lateness) {
		super(fault, line, connection);
		this.lateness = lateness;
		this.lastDue = line.now();
	}

	@Override
	void start() {
		countConnection();
	}

	@Override
	void pass(Chunk chunk) {
		long now = line().now();
		Draw draw = drawAndCount(chunk);
		long due = now + ((draw != null) ? this.lateness.nanos(draw) : 0);
		if (isEmpty() && due - now <= 0) {
			passOn(chunk);
			return;
		}
		this.lastDue = isEmpty() ? due : this.lastDue + Math.max(0, due - this.lastDue);
		hold(chunk, draw, this.lastDue);
		advanceIn(first().due() - now);
	}

	@Override
	void advance() {
		long now = line().now();
		while (!isEmpty() && (first().due() - now <= 0 || fault().isOver(now))) {
			passFirst();
		}
		if (!isEmpty()) {
			advanceIn(first().due() - now);
		}
	}

}
