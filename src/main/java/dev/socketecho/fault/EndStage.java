package dev.socketecho.fault;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Stall}, {@link FaultEffect.Close} and {@link FaultEffect.Reset}:
 * byte n passes, byte n + 1 does not. For a single message, bytes are counted from its
 * first one. What comes after that is held back by a stall, and thrown away by the
 * others.
 */
final class EndStage extends HoldingStage {

	private final FaultEffect.Trigger trigger;

	/** What happens to the connection; {@code null} for a stall. */
	private final @Nullable Runnable action;

	private final long since;

	private long passed;

	private boolean fired;

	EndStage(ActiveFault fault, FaultLine line, @Nullable Draw connection, FaultEffect.Trigger trigger,
			@Nullable Runnable action) {
		super(fault, line, connection);
		this.trigger = trigger;
		this.action = action;
		this.since = line.now();
	}

	@Override
	void start() {
		if (isForConnection()) {
			fireIfDue();
			if (!this.fired && this.trigger.after().isPositive()) {
				advanceIn(this.trigger.after().toNanos());
			}
		}
	}

	private void fireIfDue() {
		if (this.passed >= this.trigger.afterBytes() && isTime()) {
			fire();
		}
	}

	private boolean isTime() {
		Duration after = this.trigger.after();
		return after.isZero() || line().now() - this.since >= after.toNanos();
	}

	private void fire() {
		if (this.fired || fault().isOver(line().now())) {
			return;
		}
		this.fired = true;
		fault().inject(1);
		if (this.action != null) {
			this.action.run();
		}
		else if (fault().fault().selection().lifetime() != null) {
			advanceIn(fault().remaining(line().now()));
		}
	}

	@Override
	void pass(Chunk chunk) {
		if (this.fired) {
			stop(chunk);
		}
		else if (isForConnection()) {
			passOfConnection(chunk);
		}
		else {
			passMessage(chunk);
		}
	}

	private void passOfConnection(Chunk chunk) {
		long room = (isTime() && !fault().isOver(line().now())) ? Math.max(0, this.trigger.afterBytes() - this.passed)
				: Long.MAX_VALUE;
		this.passed += Math.min(room, chunk.length());
		passUpTo(room, chunk);
	}

	private void passMessage(Chunk chunk) {
		Draw draw = draw(chunk);
		if (draw == null || !isTime()) {
			passOn(chunk);
			return;
		}
		long room = this.trigger.afterBytes();
		passUpTo((line().isWhole() && room <= chunk.length()) ? 0 : room, chunk);
	}

	/**
	 * Passes on so many bytes, and fires if these have passed.
	 */
	private void passUpTo(long room, Chunk chunk) {
		if (chunk.isMark() || chunk.length() < room) {
			passOn(chunk);
			return;
		}
		if (chunk.length() == room) {
			passOn(chunk);
			fire();
			return;
		}
		if (room > 0) {
			passOn(chunk.cut((int) room));
		}
		fire();
		if (this.fired) {
			stop(chunk);
		}
		else {
			passOn(chunk); // Its time is over at this moment.
		}
	}

	/**
	 * Marks pass where the connection ends: its end waits for one.
	 */
	private void stop(Chunk chunk) {
		if (this.action == null) {
			hold(chunk, null, 0);
		}
		else if (chunk.isMark()) {
			passOn(chunk);
		}
		else {
			chunk.discard();
		}
	}

	@Override
	void advance() {
		if (!this.fired) {
			fireIfDue();
		}
		else if (fault().isOver(line().now())) {
			this.fired = false;
			while (!isEmpty()) {
				passFirst();
			}
		}
	}

}
