package dev.socketecho.transport.direct;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link ProcessorTurn}.
 */
class ProcessorTurnTests {

	private final ProcessorTurn turn = ProcessorTurn.ofEventLoop();

	@AfterEach
	void leave() {
		FastThreadLocal.removeAll();
	}

	@Test
	void readsTheClockEachTimeWhereNobodyPolls() {
		long first = this.turn.workDone();
		awaitTick(first);
		assertThat(this.turn.workDone()).isGreaterThan(first);
	}

	@Test
	void readsTheClockAnewAfterEachPollAndAfterEachFewPiecesOfWork() {
		this.turn.polling();
		long first = this.turn.workDone();
		awaitTick(first);
		assertThat(this.turn.workDone()).isEqualTo(first);
		this.turn.polling();
		long second = this.turn.workDone();
		assertThat(second).isGreaterThan(first);
		awaitTick(second);
		for (int i = 1; i < 8; i++) {
			assertThat(this.turn.workDone()).isEqualTo(second);
		}
		assertThat(this.turn.workDone()).isGreaterThan(second);
	}

	private static void awaitTick(long after) {
		while (Ticker.systemTicker().nanoTime() <= after) {
			Thread.onSpinWait();
		}
	}

}
