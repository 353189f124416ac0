package dev.socketecho.config;

import java.net.InetAddress;
import java.util.List;

import dev.socketecho.config.properties.MulticastGroup;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.PayloadLogSettings;
import dev.socketecho.server.ServerMode;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.BoundPorts;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import dev.socketecho.transport.udp.UdpServerSettings;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;

/**
 * Creates UDP servers from properties.
 */
final class UdpServerMapper {

	private UdpServerMapper() {
	}

	/**
	 * Creates a server, which is not bound yet.
	 */
	static UdpEchoServer server(String name, UdpServerProperties properties, EventLoops eventLoops,
			BoundPorts boundPorts, UdpServerRecorder recorder, InstanceIdentity identity) {
		PayloadLogSettings payloadLog = properties.logPayload()
				? new PayloadLogSettings(Units.bytes(properties.logPayloadLimit()), properties.logPayloadRate()) : null;
		NettyUdpReceivingChannelAdapter adapter = new NettyUdpReceivingChannelAdapter(settings(name, properties),
				properties.blockedSourcePorts(), eventLoops, boundPorts, recorder);
		UdpEchoServer server = new UdpEchoServer(adapter, properties.mode(), identity, payloadLog);
		if (properties.mode() == ServerMode.IDENTIFY) {
			IdentityMapper.requireFits("echo.udp.servers." + name, properties, server);
		}
		return server;
	}

	private static UdpServerSettings settings(String name, UdpServerProperties properties) {
		return new UdpServerSettings(name, properties.address(), properties.port(),
				Units.bytes(properties.maxDatagramSize()), properties.replyPort(),
				properties.maxDatagramsPerSecondPerSource(), new SourceFilter(properties.allow(), properties.deny()),
				multicast(properties.multicast()), properties.portSharing(), options(properties.options()));
	}

	private static MulticastSettings multicast(UdpServerProperties.Multicast multicast) {
		List<InetAddress> groups = multicast.groups().stream().map(MulticastGroup::address).toList();
		return new MulticastSettings(groups, multicast.networkInterface(), multicast.loopback(),
				multicast.timeToLive());
	}

	private static UdpSocketOptions options(UdpServerProperties.Options options) {
		return new UdpSocketOptions(options.reuseAddress(), options.reusePort(),
				Units.bytesIfAny(options.receiveBufferSize()), Units.bytesIfAny(options.sendBufferSize()),
				options.trafficClass());
	}

}
