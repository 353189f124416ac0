package dev.socketecho.fault;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * {@link FaultEffect.Bandwidth}: bytes pass in pieces, as fast as the rate allows.
 */
final class BandwidthStage extends HoldingStage {

	/** Small pieces wait together. */
	private static final long SHORTEST_WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

	private final Pacer pacer;

	/** How many bytes have a reservation: the first ones of the first chunk. */
	private int reserved;

	/** When they pass. */
	private long due;

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
		passInTurn(chunk);
	}

	@Override
	void advance() {
		long now = line().now();
		while (!isEmpty()) {
			if (first().draw() == null || fault().isOver(now)) {
				giveBack();
				passFirst();
				continue;
			}
			if (this.reserved == 0) {
				int length = first().chunk().length();
				this.reserved = line().isWhole() ? length : Math.min(length, this.pacer.piece());
				this.due = this.pacer.reserve(this.reserved, now);
			}
			if (this.due - now > 0) {
				advanceIn(Math.max(this.due - now, SHORTEST_WAIT_NANOS));
				return;
			}
			int piece = this.reserved;
			this.reserved = 0;
			passFirst(piece);
		}
	}

	private void giveBack() {
		this.pacer.giveBack(this.reserved);
		this.reserved = 0;
	}

	@Override
	void release() {
		giveBack();
		super.release();
	}

	@Override
	void discard() {
		giveBack();
		super.discard();
	}

}
