package dev.socketecho.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;
import dev.socketecho.testing.TestCertificates;

/**
 * The servers that commit faults, beside as many calm ones, and who calls them. The
 * faults that only take time lose nothing, so these servers have the clients of the calm
 * ones.
 */
final class Faulty {

	/** The name of a server with faults begins with it. */
	static final String PREFIX = "faulty-";

	/** A UDP server with one kind of client. */
	static final String DATAGRAM = PREFIX + "datagram";

	/** A UDP server that holds back as much as it may. */
	static final String FLOODED = PREFIX + "flooded";

	/** TCP servers whose faults lose nothing. */
	private static final List<String> SLOW = List.of("stream", "line", "frames", "tls", "proxy");

	/** TCP servers. */
	static final List<String> TCP = Stream
		.concat(SLOW.stream().map((server) -> PREFIX + server), Stream.of(FaultyEnd.SERVER, FaultyBytes.SERVER))
		.toList();

	/** Attacks after which the server may not keep anything that a fault held. */
	private static final List<Hostile> ATTACKS = List.of(HostileTcp.MID_FRAME, HostileTcp.FLOOD, HostileTcp.GARBAGE,
			HostileTcp.STORM, HostileTcp.SLOW_WRITER);

	private static final int CLIENTS = 3;

	private Faulty() {
	}

	static List<String> properties() {
		List<String> properties = new ArrayList<>(List.of("echo.tcp.servers.faulty-line.framing=line",
				"echo.tcp.servers.faulty-frames.framing=length-4", "echo.tcp.servers.faulty-tls.framing=line",
				"echo.tcp.servers.faulty-tls.ssl.bundle=soak", "echo.tcp.servers.faulty-proxy.framing=line",
				"echo.tcp.servers.faulty-proxy.proxy-protocol=true", "echo.udp.servers.faulty-datagram.port=0",
				"echo.udp.servers.faulty-datagram.options.reuse-port=true", "echo.udp.servers.faulty-flooded.port=0"));
		properties.addAll(tcp("faulty-stream", "a-late", "delay", "delay=5ms", "jitter=5ms"));
		properties.addAll(
				tcp("faulty-stream", "b-cut", "slice", "direction=inbound", "size=2KB", "size-variation=1KB"));
		properties.addAll(tcp("faulty-stream", "c-slow", "bandwidth", "rate=10MB", "scope=server"));
		properties.addAll(tcp("faulty-line", "a-late", "delay", "direction=inbound", "unit=message", "delay=3ms",
				"jitter=3ms", "distribution=normal"));
		properties.addAll(tcp("faulty-line", "b-cut", "slice", "size=100", "size-variation=99", "probability=0.5"));
		properties.addAll(tcp("faulty-frames", "a-cut", "slice", "direction=inbound", "size=13"));
		properties.addAll(tcp("faulty-frames", "b-late", "delay", "unit=message", "delay=5ms", "probability=0.5"));
		properties.addAll(tcp("faulty-tls", "a-cut", "slice", "size=300", "size-variation=200"));
		properties.addAll(tcp("faulty-tls", "b-slow", "bandwidth", "direction=inbound", "rate=500KB"));
		properties.addAll(tcp("faulty-tls", "c-late", "delay", "delay=2ms", "jitter=2ms"));
		properties.addAll(tcp("faulty-proxy", "a-late", "delay", "direction=inbound", "delay=5ms"));
		properties.addAll(tcp("faulty-proxy", "b-end", "slow-close", "delay=50ms"));
		properties.addAll(FaultyEnd.properties());
		properties.addAll(FaultyBytes.properties());
		properties.addAll(FaultyUdp.properties());
		properties.addAll(udp(FLOODED, "a-late", "delay", "direction=inbound", "delay=200ms", "jitter=100ms"));
		properties.addAll(udp(FLOODED, "b-slow", "bandwidth", "rate=1MB"));
		return properties;
	}

	static List<String> tcp(String server, String fault, String type, String... properties) {
		return fault("echo.tcp.servers." + server + ".faults." + fault + ".", type, properties);
	}

	static List<String> udp(String server, String fault, String type, String... properties) {
		return fault("echo.udp.servers." + server + ".faults." + fault + ".", type, properties);
	}

	private static List<String> fault(String prefix, String type, String... properties) {
		return Stream.concat(Stream.of("type=" + type), Stream.of(properties))
			.map((property) -> prefix + property)
			.toList();
	}

	static void admit(Crowd crowd, Subject subject, HostileUdp flood) throws Exception {
		honest(subject).forEach((client) -> crowd.add(client, CLIENTS));
		ATTACKS.forEach((attack) -> crowd.add(atFaulty(attack), 1));
		crowd.add(flood, 1);
	}

	/**
	 * The clients. Those of {@link #DATAGRAM} are not for a warm-up: its counters start
	 * with the soak.
	 */
	static List<Honest> honest(Subject subject) throws Exception {
		List<Honest> clients = new ArrayList<>();
		clients.add(tcp(subject, "stream", Framing.NONE, Manner.ECHO));
		clients.add(tcp(subject, "line", Framing.LINE, Manner.ECHO));
		clients.add(tcp(subject, "frames", Framing.LENGTH_4, Manner.ECHO));
		clients.add(tcp(subject, "proxy", Framing.LINE, Manner.PROXY));
		clients.add(new HonestTcp("faulty-tls", subject.port("faulty-tls"), Framing.LINE, Manner.ECHO,
				TestCertificates.INSTANCE.clientContext(null)));
		clients.add(new FaultyEnd(subject.port(FaultyEnd.SERVER)));
		clients.add(new FaultyBytes(subject.port(FaultyBytes.SERVER)));
		clients.add(new FaultyUdp(subject.port(DATAGRAM)));
		return clients;
	}

	private static Honest tcp(Subject subject, String server, Framing framing, Manner manner) {
		return new HonestTcp(PREFIX + server, subject.port(PREFIX + server), framing, manner, null);
	}

	/**
	 * The same attack on the servers with faults where there is one.
	 */
	private static Hostile atFaulty(Hostile attack) {
		return new Hostile() {

			@Override
			public String name() {
				return attack.name() + " at " + PREFIX + "servers";
			}

			@Override
			public void attack(ToIntFunction<String> ports, Random random) throws Exception {
				attack.attack((server) -> ports.applyAsInt(SLOW.contains(server) ? PREFIX + server : server), random);
			}

		};
	}

}
