package dev.socketecho.fault;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Slice}: the stream leaves in writes of a size.
 */
final class SliceStage extends HoldingStage {

	private final FaultEffect.Slice slice;

	/** When the next write may leave. */
	private long free;

	SliceStage(ActiveFault fault, FaultLine line, @Nullable Draw connection, FaultEffect.Slice slice) {
		super(fault, line, connection);
		this.slice = slice;
		this.free = line.now();
	}

	@Override
	void start() {
		countConnection();
	}

	@Override
	void pass(Chunk chunk) {
		passInTurn(chunk);
	}

	@Override
	void advance() {
		long now = line().now();
		while (!isEmpty()) {
			if (first().draw() == null || fault().isOver(now)) {
				passFirst();
				continue;
			}
			if (this.free - now > 0) {
				advanceIn(this.free - now);
				return;
			}
			next(first().drawn(), now);
			line().flush();
		}
	}

	private void next(Draw draw, long now) {
		int size = this.slice.size();
		if (this.slice.variation() > 0) {
			size += draw.nextInt(-this.slice.variation(), this.slice.variation() + 1);
		}
		// A message that is delivered whole is as late as its last write would be
		int writes = line().isWhole() ? Math.ceilDiv(first().chunk().length(), size) : 1;
		this.free = now + writes * this.slice.lateness().nanos(draw);
		passFirst(line().isWhole() ? Integer.MAX_VALUE : size);
	}

}
