package dev.socketecho.metrics;

import java.time.Duration;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The traffic of one client as meters. All of them exist, at zero, from the start.
 */
public final class MicrometerClientRecorder extends MicrometerTrafficRecorder implements ClientRecorder {

	private static final Names NAMES = new Names(EchoMeter.CLIENT_CONNECTIONS_ACTIVE,
			EchoMeter.CLIENT_CONNECTIONS_OPENED, EchoMeter.CLIENT_RECEIVED_BYTES, EchoMeter.CLIENT_RECEIVED_MESSAGES,
			EchoMeter.CLIENT_SENT_BYTES, EchoMeter.CLIENT_SENT_MESSAGES, EchoMeter.CLIENT_ERRORS);

	private final Timer roundTrips = this.meters.roundTripTimer(EchoMeter.CLIENT_RTT);

	/**
	 * Registers the meters of a client.
	 * @param registry the registry that they are for
	 * @param client the client's name
	 * @param transport {@code tcp} or {@code udp}
	 */
	public MicrometerClientRecorder(MeterRegistry registry, String client, String transport) {
		this(registry, client, transport, (_) -> {
		});
	}

	/**
	 * Registers the meters of a client.
	 * @param registry the registry that they are for
	 * @param client the client's name
	 * @param transport {@code tcp} or {@code udp}
	 * @param failures is told of each error, on an event loop: it must not block or throw
	 */
	public MicrometerClientRecorder(MeterRegistry registry, String client, String transport,
			Consumer<SocketError> failures) {
		super(new Meters(registry, Tags.of("client", client, "transport", transport)), NAMES, failures);
	}

	@Override
	public void roundTrip(Duration roundTrip) {
		this.roundTrips.record(roundTrip);
	}

}
