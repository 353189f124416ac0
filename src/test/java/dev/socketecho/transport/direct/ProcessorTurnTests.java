package dev.socketecho.transport.direct;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link ProcessorTurn}.
 */
class ProcessorTurnTests {

	private final ProcessorTurn turn = ProcessorTurn.ofEventLoop();

	@AfterEach
	void leave() {
		FastThreadLocal.removeAll();
	}

	@Test
	void readsTheClockEachTimeWhereNobodyPolls() {
		long first = this.turn.nanoTime();
		awaitTick(first);
		assertThat(this.turn.nanoTime()).isGreaterThan(first);
	}

	@Test
	void readsTheClockAnewAfterEachPollAndAfterEachFewPiecesOfWork() {
		this.turn.polling();
		long first = this.turn.nanoTime();
		awaitTick(first);
		assertThat(this.turn.nanoTime()).isEqualTo(first);
		this.turn.polling();
		long second = this.turn.nanoTime();
		assertThat(second).isGreaterThan(first);
		awaitTick(second);
		for (int i = 1; i < 8; i++) {
			assertThat(this.turn.nanoTime()).isEqualTo(second);
		}
		assertThat(this.turn.nanoTime()).isGreaterThan(second);
	}

	private static void awaitTick(long after) {
		while (Ticker.systemTicker().nanoTime() <= after) {
			Thread.onSpinWait();
		}
	}

}
