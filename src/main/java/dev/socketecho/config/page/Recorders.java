package dev.socketecho.config.page;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.socketecho.metrics.MicrometerClientRecorder;
import dev.socketecho.metrics.MicrometerProbeRecorder;
import dev.socketecho.metrics.MicrometerTcpServerRecorder;
import dev.socketecho.metrics.MicrometerUdpServerRecorder;
import dev.socketecho.metrics.TrafficFigures;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.web.FailureLog;
import dev.socketecho.web.ProbeHistory;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Creates the recorders of servers, clients and probes, and keeps what the status page
 * reads of them. Without the page they are those of the meters alone.
 */
public final class Recorders {

	private final MeterRegistry registry;

	private final @Nullable FailureLog failures;

	private final Map<String, Supplier<TrafficFigures>> servers = new ConcurrentHashMap<>();

	private final Map<String, Supplier<TrafficFigures>> clients = new ConcurrentHashMap<>();

	private final Map<String, ProbeHistory> probes = new ConcurrentHashMap<>();

	/**
	 * Creates an instance.
	 * @param registry has the meters
	 * @param failures is told of failures; {@code null} without the page
	 */
	public Recorders(MeterRegistry registry, @Nullable FailureLog failures) {
		this.registry = registry;
		this.failures = failures;
	}

	/**
	 * Creates the recorder of a TCP server.
	 * @param name the server's name
	 * @return the recorder
	 */
	public TcpServerRecorder tcpServer(String name) {
		MicrometerTcpServerRecorder recorder = new MicrometerTcpServerRecorder(this.registry, name,
				failures("server", "tcp", name));
		this.servers.put("tcp/" + name, recorder::figures);
		return recorder;
	}

	/**
	 * Creates the recorder of a UDP server.
	 * @param name the server's name
	 * @return the recorder
	 */
	public UdpServerRecorder udpServer(String name) {
		MicrometerUdpServerRecorder recorder = new MicrometerUdpServerRecorder(this.registry, name,
				failures("server", "udp", name));
		this.servers.put("udp/" + name, recorder::figures);
		return recorder;
	}

	/**
	 * Creates the recorder of a client.
	 * @param name the client's name
	 * @param transport {@code tcp} or {@code udp}
	 * @return the recorder
	 */
	public ClientRecorder client(String name, String transport) {
		MicrometerClientRecorder recorder = new MicrometerClientRecorder(this.registry, name, transport,
				failures("client", transport, name));
		this.clients.put(name, recorder::figures);
		return recorder;
	}

	/**
	 * Creates the recorder of a probe.
	 * @param name the probe's name
	 * @param transport {@code tcp} or {@code udp}
	 * @param count the messages of a round
	 * @param stamp whether the probe uses STAMP, which has more meters
	 * @return the recorder
	 */
	public ProbeRecorder probe(String name, String transport, int count, boolean stamp) {
		MicrometerProbeRecorder recorder = new MicrometerProbeRecorder(this.registry, name, stamp);
		if (this.failures == null) {
			return recorder;
		}
		ProbeHistory history = new ProbeHistory(count, recorder, failures("probe", transport, name));
		this.probes.put(name, history);
		return history;
	}

	Supplier<TrafficFigures> ofServer(String transport, String name) {
		return Objects.requireNonNull(this.servers.get(transport + '/' + name), name);
	}

	TrafficFigures ofClient(String name) {
		return Objects.requireNonNull(this.clients.get(name), name).get();
	}

	ProbeHistory ofProbe(String name) {
		return Objects.requireNonNull(this.probes.get(name), name);
	}

	private Consumer<SocketError> failures(String kind, String transport, String name) {
		return (this.failures != null) ? this.failures.of(kind, transport, name) : (_) -> {
		};
	}

}
