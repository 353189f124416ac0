package dev.socketecho.soak;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import dev.socketecho.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;

import javax.net.ServerSocketFactory;
import javax.net.ssl.SSLContext;

/**
 * Calls that the service makes itself: by a client, and by a probe of each kind, once a
 * second.
 */
final class Outward implements Closeable {

	/** A client of the service's. */
	static final String CLIENT = "reflector";

	/**
	 * A probe over TLS, of a server whose certificate a jump of the clock makes invalid.
	 */
	static final String BRIEF = "brief";

	private static final List<String> PROBES = List.of("tcp", "udp", "tls");

	private static final Duration MOST_PAUSE = Duration.ofSeconds(10);

	private final Map<String, Reflector> reflectors = new TreeMap<>();

	private final Reflector brief;

	Outward(X509Bundle briefCertificate) throws Exception {
		this.reflectors.put(CLIENT, Reflector.tcp(ServerSocketFactory.getDefault()));
		this.reflectors.put("tcp", Reflector.tcp(ServerSocketFactory.getDefault()));
		this.reflectors.put("udp", Reflector.udp());
		this.reflectors.put("tls", Reflector.tcp(tls(TestCertificates.INSTANCE.server)));
		this.brief = Reflector.tcp(tls(briefCertificate));
	}

	/**
	 * Each handshake is a full one: a session that is resumed has no certificate.
	 */
	private static ServerSocketFactory tls(X509Bundle certificate) throws Exception {
		SSLContext context = TestCertificates.INSTANCE.serverContext(certificate);
		context.getServerSessionContext().setSessionTimeout(1);
		return context.getServerSocketFactory();
	}

	List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("echo.tcp.clients." + CLIENT + ".framing=line",
				"echo.tcp.clients.tls.ssl.bundle=soak", "echo.tcp.clients.brief.ssl.bundle=soak",
				"echo.probes.tcp.transport=tcp", "echo.probes.udp.transport=udp", "echo.probes.tls.client=tls",
				"echo.probes.brief.client=brief"));
		properties.addAll(address("echo.tcp.clients." + CLIENT, port(CLIENT)));
		properties.addAll(address("echo.tcp.clients.tls", port("tls")));
		properties.addAll(address("echo.tcp.clients.brief", this.brief.port()));
		properties.addAll(address("echo.probes.tcp", port("tcp")));
		properties.addAll(address("echo.probes.udp", port("udp")));
		for (String probe : List.of("tcp", "udp", "tls", BRIEF)) {
			properties
				.addAll(List.of("echo.probes." + probe + ".interval=1s", "echo.probes." + probe + ".timeout=10s"));
		}
		return properties;
	}

	private int port(String name) {
		return reflector(name).port();
	}

	private Reflector reflector(String name) {
		return Objects.requireNonNull(this.reflectors.get(name));
	}

	/**
	 * The properties of a client or probe that calls this machine.
	 */
	static List<String> address(String prefix, int port) {
		return List.of(prefix + ".host=127.0.0.1", prefix + ".port=" + port);
	}

	/**
	 * From now on, the probes are to come once a second.
	 */
	void begin() {
		this.reflectors.values().forEach((reflector) -> reflector.pace().restart());
	}

	/**
	 * That the probes have come once a second, all the time.
	 */
	void checkPace(Verdict verdict) {
		PROBES.forEach((probe) -> reflector(probe).pace().check(verdict, "probe " + probe + ": rounds", MOST_PAUSE));
	}

	/**
	 * That nothing was lost.
	 * @param tally of those who had the service's client send something
	 */
	void checkCounters(Verdict verdict, Counters counters, Tally tally) {
		for (String probe : PROBES) {
			String label = "probe=" + probe;
			long sent = counters.labelled("echo_probe_sent_total", label);
			long received = counters.labelled("echo_probe_received_total", label);
			long times = counters.labelled("echo_probe_rtt_seconds_count", label);
			long errors = counters.labelled("echo_probe_errors_total", label);
			// A round may be under way
			verdict.check(received > 0 && sent - received <= 1 && times == received && errors == 0,
					"probe " + probe + ": sent, received, round trips, errors", "%d, %d, %d, %d", sent, received, times,
					errors);
		}
		String client = "client=" + CLIENT;
		verdict.equal("client: replies", tally.messages.sum(),
				counters.labelled("echo_client_received_messages_total", client));
		verdict.equal("client: round trips", tally.messages.sum(),
				counters.labelled("echo_client_rtt_seconds_count", client));
		verdict.equal("client: connections", 1, counters.labelled("echo_client_connections_opened_total", client));
		verdict.equal("client: errors", 0, counters.labelled("echo_client_errors_total", client));
	}

	@Override
	public void close() throws IOException {
		for (Reflector reflector : this.reflectors.values()) {
			reflector.close();
		}
		this.brief.close();
	}

}
