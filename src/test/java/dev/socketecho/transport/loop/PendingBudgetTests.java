package dev.socketecho.transport.loop;

import io.netty.util.internal.PlatformDependent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link PendingBudget}.
 */
class PendingBudgetTests {

	@Test
	void isExceededOnlyAboveTheLimit() {
		PendingBudget budget = new PendingBudget(100, 0);
		budget.add(60);
		budget.add(40);
		assertThat(budget.isExceeded()).isFalse();
		budget.add(1);
		assertThat(budget.isExceeded()).isTrue();
		assertThat(budget.used()).isEqualTo(101);
		budget.add(-1);
		assertThat(budget.isExceeded()).isFalse();
	}

	@Test
	void leavesHalfOfTheDirectMemoryFree() {
		PendingBudget budget = PendingBudget.ofDirectMemory(0);
		long half = PlatformDependent.maxDirectMemory() / 2;
		budget.add(half);
		assertThat(budget.isExceeded()).isFalse();
		budget.add(1);
		assertThat(budget.isExceeded()).isTrue();
	}

}
