package dev.socketecho.load;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * What load runs leave to the service.
 */
class DescriptorsTests {

	@Test
	void runLeavesDescriptorsToTheService() {
		assertThatNoException().isThrownBy(() -> Descriptors.check(100, 300));
		assertThatIllegalArgumentException().isThrownBy(() -> Descriptors.check(101, 300))
			.withMessage("connections: 101 (expected: 1 to 100, as only 300 file descriptors are free)");
	}

	@Test
	void oneConnectionIsAlwaysAllowed() {
		assertThatNoException().isThrownBy(() -> Descriptors.check(1, 0));
	}

	@Test
	void freeDescriptorsAreKnown() {
		assertThat(Descriptors.free()).isPositive();
	}

}
