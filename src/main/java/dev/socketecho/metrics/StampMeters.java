package dev.socketecho.metrics;

import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the sessions of servers with {@code mode: stamp}. A stateless server has
 * none.
 */
public final class StampMeters implements MeterBinder {

	private final Map<String, Sessions> sessions;

	/**
	 * Creates an instance.
	 * @param sessions the sessions of each stateful server, by the server's name
	 */
	public StampMeters(Map<String, Sessions> sessions) {
		this.sessions = Map.copyOf(sessions);
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		this.sessions.forEach((server, of) -> {
			Meters meters = new Meters(registry, Tags.of("server", server, "transport", "udp"));
			meters.gauge(EchoMeter.STAMP_SESSIONS, of, (sessions) -> sessions.size().getAsInt());
			meters.functionCounter(EchoMeter.STAMP_UNCOUNTED, Tags.empty(), of,
					(sessions) -> sessions.uncounted().getAsLong());
		});
	}

	/**
	 * The sessions of a server.
	 *
	 * @param size returns how many there are
	 * @param uncounted returns how many packets had no place for their session, since the
	 * start
	 */
	public record Sessions(IntSupplier size, LongSupplier uncounted) {
	}

}
