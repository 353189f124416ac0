package dev.socketecho.fault;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.SlowClose}: the end of the input or the output is held back.
 */
final class SlowCloseStage extends HoldingStage {

	private final FaultEffect.SlowClose effect;

	private final Draw draw;

	private final long since;

	private long passed;

	SlowCloseStage(ActiveFault fault, FaultLine line, Draw connection, FaultEffect.SlowClose effect) {
		super(fault, line, connection);
		this.effect = effect;
		this.draw = connection;
		this.since = line.now();
	}

	@Override
	void pass(Chunk chunk) {
		this.passed += chunk.length();
		long nanos = chunk.end() ? finNanos() : 0;
		if (nanos > 0) {
			hold(chunk, null, line().now() + nanos);
			advanceIn(nanos);
		}
		else if (isEmpty()) {
			passOn(chunk);
		}
		else {
			hold(chunk, null, first().due());
		}
	}

	private long finNanos() {
		long now = line().now();
		if (fault().isOver(now) || this.passed < this.effect.trigger().afterBytes()
				|| now - this.since < this.effect.trigger().after().toNanos()) {
			return 0;
		}
		fault().inject(1);
		return this.effect.lateness().nanos(this.draw);
	}

	@Override
	void advance() {
		while (!isEmpty()) {
			passFirst();
		}
	}

}
