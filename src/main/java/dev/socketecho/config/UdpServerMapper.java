package dev.socketecho.config;

import java.net.InetAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.socketecho.config.properties.MulticastGroup;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.PayloadLogSettings;
import dev.socketecho.server.ReflectorSettings;
import dev.socketecho.server.ServerMode;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.stamp.StampReflector;
import dev.socketecho.stamp.StampSessions;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.BoundPorts;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import dev.socketecho.transport.udp.TimedAnswers;
import dev.socketecho.transport.udp.UdpServerSettings;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Creates UDP servers from properties.
 */
final class UdpServerMapper {

	/** The port of reflectors, and often of senders (RFC 8762, 4.1). */
	private static final int STAMP_PORT = 862;

	private UdpServerMapper() {
	}

	/**
	 * Creates a server, which is not bound yet.
	 */
	static UdpEchoServer server(String name, UdpServerProperties properties, EventLoops eventLoops,
			BoundPorts boundPorts, UdpServerRecorder recorder, InstanceIdentity identity) {
		PayloadLogSettings payloadLog = properties.logPayload()
				? new PayloadLogSettings(Units.bytes(properties.logPayloadLimit()), properties.logPayloadRate()) : null;
		ReflectorSettings reflector = (properties.mode() == ServerMode.STAMP) ? reflector(properties) : null;
		NettyUdpReceivingChannelAdapter adapter = new NettyUdpReceivingChannelAdapter(
				settings(name, properties, reflector), blockedSourcePorts(properties), eventLoops, boundPorts,
				recorder);
		UdpEchoServer server = new UdpEchoServer(adapter, properties.mode(), identity, reflector, payloadLog);
		if (properties.mode() == ServerMode.IDENTIFY) {
			IdentityMapper.requireFits("echo.udp.servers." + name, properties, server);
		}
		return server;
	}

	private static UdpServerSettings settings(String name, UdpServerProperties properties,
			@Nullable ReflectorSettings reflector) {
		return new UdpServerSettings(name, properties.address(), properties.port(),
				Units.bytes(properties.maxDatagramSize()), properties.replyPort(),
				properties.maxDatagramsPerSecondPerSource(), new SourceFilter(properties.allow(), properties.deny()),
				multicast(properties.multicast()), properties.portSharing(), options(properties.options()),
				(reflector != null) ? timedAnswers(properties, reflector.reflector()) : null);
	}

	private static ReflectorSettings reflector(UdpServerProperties properties) {
		UdpServerProperties.Stamp stamp = properties.stamp();
		// Senders that the operator has listed may choose the class of their answers.
		StampReflector reflector = new StampReflector(stamp.hmacKey(), stamp.isSynchronized(),
				!properties.allow().isEmpty());
		return new ReflectorSettings(reflector, stamp.stateful()
				? new StampSessions(stamp.maxSessions(), stamp.sessionTimeout().toNanos(), System::nanoTime) : null);
	}

	/**
	 * Another reflector on STAMP's own port would answer the answers, and so on. Senders
	 * may use that port, too; those that the operator has listed are no such loop.
	 */
	private static Set<Integer> blockedSourcePorts(UdpServerProperties properties) {
		Set<Integer> ports = new HashSet<>(properties.blockedSourcePorts());
		if (properties.mode() == ServerMode.STAMP && properties.allow().isEmpty()) {
			ports.add(STAMP_PORT);
		}
		return ports;
	}

	private static TimedAnswers timedAnswers(UdpServerProperties properties, StampReflector reflector) {
		return new TimedAnswers(reflector::finish, properties.allow().isEmpty() ? TimedAnswers.NO_PORT : STAMP_PORT);
	}

	private static MulticastSettings multicast(UdpServerProperties.Multicast multicast) {
		List<InetAddress> groups = multicast.groups().stream().map(MulticastGroup::address).toList();
		return new MulticastSettings(groups, multicast.networkInterface(), multicast.loopback(),
				multicast.timeToLive());
	}

	private static UdpSocketOptions options(UdpServerProperties.Options options) {
		return new UdpSocketOptions(options.reuseAddress(), options.reusePort(),
				Units.bytesIfAny(options.receiveBufferSize()), Units.bytesIfAny(options.sendBufferSize()),
				options.trafficClass(), options.segmentation());
	}

}
