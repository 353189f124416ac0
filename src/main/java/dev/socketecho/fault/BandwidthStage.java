package dev.socketecho.fault;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Bandwidth}: bytes pass in pieces, as fast as the rate allows.
 */
final class BandwidthStage extends HoldingStage {

	private final Pacer pacer;

	BandwidthStage(ActiveFault fault, FaultLine line, @Nullable Draw connection, FaultEffect.Bandwidth limit) {
		super(fault, line, connection);
		this.pacer = fault.pacer(limit, line.now());
	}

	@Override
	void start() {
		countConnection();
	}

	@Override
	void pass(Chunk chunk) {
		Draw draw = drawAndCount(chunk);
		if (draw == null && isEmpty()) {
			passOn(chunk);
			return;
		}
		boolean first = isEmpty();
		hold(chunk, draw, 0);
		if (first) {
			advance();
		}
	}

	@Override
	void advance() {
		long now = line().now();
		while (!isEmpty()) {
			if (first().draw() == null || fault().isOver(now)) {
				passOn(take());
				continue;
			}
			int length = first().chunk().length();
			int piece = line().isWhole() ? length : Math.min(length, this.pacer.piece());
			long wait = this.pacer.take(piece, now);
			if (wait > 0) {
				advanceIn(wait);
				return;
			}
			passOn(take(piece));
		}
	}

}
