package dev.socketecho.metrics;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StampMeters}.
 */
class StampMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final AtomicInteger uncounted = new AtomicInteger();

	/** A field: the registry does not keep what a function counter reads. */
	private final StampMeters meters = new StampMeters(
			Map.of("reflector", new StampMeters.Sessions(() -> 3, this.uncounted::get)));

	@Test
	void sessionsAndWhatHadNoPlaceAreOfTheServer() {
		this.meters.bindTo(this.registry);
		assertThat(this.registry.get("echo.stamp.sessions").tag("server", "reflector").gauge().value()).isEqualTo(3);
		assertThat(count()).isZero();
		this.uncounted.set(5);
		assertThat(count()).isEqualTo(5);
	}

	private double count() {
		return this.registry.get("echo.stamp.uncounted").tag("server", "reflector").functionCounter().count();
	}

}
