package dev.socketecho.metrics;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

import dev.socketecho.metrics.Meters.TaggedCounters;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TcpServerRecorder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/**
 * The traffic of one TCP server as meters. All of them exist, at zero, from the start.
 */
public final class MicrometerTcpServerRecorder extends MicrometerTrafficRecorder implements TcpServerRecorder {

	private static final Names NAMES = new Names(EchoMeter.CONNECTIONS_ACTIVE, EchoMeter.CONNECTIONS_OPENED,
			EchoMeter.RECEIVED_BYTES, EchoMeter.RECEIVED_MESSAGES, EchoMeter.SENT_BYTES, EchoMeter.SENT_MESSAGES,
			EchoMeter.ERRORS);

	private static final Set<CloseReason> REJECTIONS = EnumSet.of(CloseReason.MAX_CONNECTIONS,
			CloseReason.MAX_CONNECTIONS_PER_SOURCE, CloseReason.ACCEPT_RATE, CloseReason.DENIED);

	private final TaggedCounters<CloseReason> closed = this.meters.counters(EchoMeter.CONNECTIONS_CLOSED, "reason",
			EnumSet.complementOf(EnumSet.copyOf(REJECTIONS)), CloseReason::tag);

	private final TaggedCounters<CloseReason> rejected = this.meters.counters(EchoMeter.CONNECTIONS_REJECTED, "reason",
			REJECTIONS, CloseReason::tag);

	private final Timer duration = this.meters.timer(EchoMeter.CONNECTION_DURATION);

	private final Timer tlsHandshake = this.meters.timer(EchoMeter.TLS_HANDSHAKE);

	/**
	 * Registers the meters of a server.
	 * @param registry the registry that they are for
	 * @param server the server's name
	 */
	public MicrometerTcpServerRecorder(MeterRegistry registry, String server) {
		this(registry, server, (_) -> {
		});
	}

	/**
	 * Registers the meters of a server.
	 * @param registry the registry that they are for
	 * @param server the server's name
	 * @param failures is told of each error, on an event loop: it must not block or throw
	 */
	public MicrometerTcpServerRecorder(MeterRegistry registry, String server, Consumer<SocketError> failures) {
		super(new Meters(registry, Tags.of("server", server, "transport", "tcp")), NAMES, failures);
	}

	@Override
	Map<String, Long> refused() {
		return this.rejected.counts();
	}

	@Override
	public void connectionClosed(CloseReason reason, Duration open) {
		super.connectionClosed(reason, open);
		this.closed.increment(reason);
		this.duration.record(open);
	}

	@Override
	public void connectionRejected(CloseReason reason) {
		this.rejected.increment(reason);
	}

	@Override
	public void tlsHandshake(Duration taken) {
		this.tlsHandshake.record(taken);
	}

}
