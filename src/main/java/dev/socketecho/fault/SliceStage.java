package dev.socketecho.fault;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Slice}: the stream leaves in writes of a size.
 */
final class SliceStage extends HoldingStage {

	private static final long LONGEST_NANOS = Duration.ofDays(36500).toNanos();

	private final FaultEffect.Slice slice;

	/** When the next write may leave. */
	private long free;

	/** Whether this is for a message that passes whole, as late as its last write. */
	private boolean last;

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
				this.last = false;
				passFirst();
				continue;
			}
			if (line().isWhole() && !this.last) {
				this.last = true;
				int writes = Math.ceilDiv(first().chunk().length(), size(first().drawn()));
				this.free = ((this.free - now > 0) ? this.free : now)
						+ (long) Math.min((double) (writes - 1) * nanos(first().drawn()), LONGEST_NANOS);
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
		int size = line().isWhole() ? Integer.MAX_VALUE : size(draw);
		this.free = now + nanos(draw);
		this.last = false;
		passFirst(size);
	}

	/**
	 * Draws the size of a write.
	 */
	private int size(Draw draw) {
		long size = this.slice.size();
		if (this.slice.variation() > 0) {
			size += draw.nextInt(-this.slice.variation(), this.slice.variation() + 1);
		}
		return (int) Math.min(size, Integer.MAX_VALUE);
	}

	private long nanos(Draw draw) {
		return this.slice.lateness().nanos(draw);
	}

}
