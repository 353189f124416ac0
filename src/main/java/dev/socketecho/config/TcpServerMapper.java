package dev.socketecho.config;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.PayloadLogSettings;
import dev.socketecho.server.ServerMode;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;

/**
 * Creates TCP servers from properties.
 */
final class TcpServerMapper {

	private TcpServerMapper() {
	}

	/**
	 * Creates a server, which does not listen yet.
	 */
	static TcpEchoServer server(String name, TcpServerProperties properties, EventLoops eventLoops,
			TcpServerRecorder recorder, TlsBundles bundles, InstanceIdentity identity) {
		PayloadLogSettings payloadLog = properties.logPayload()
				? new PayloadLogSettings(Units.bytes(properties.logPayloadLimit()), properties.logPayloadRate()) : null;
		NettyTcpServerConnectionFactory factory = new NettyTcpServerConnectionFactory(
				settings(name, properties, bundles), eventLoops, recorder);
		TcpEchoServer server = new TcpEchoServer(factory, properties.mode(), identity, payloadLog);
		if (properties.mode() == ServerMode.IDENTIFY) {
			IdentityMapper.requireFits("echo.tcp.servers." + name, properties, server);
		}
		return server;
	}

	private static TcpServerSettings settings(String name, TcpServerProperties properties, TlsBundles bundles) {
		// A server that logs, ends or answers by message has to receive them one by one.
		boolean burst = !properties.logPayload() && !properties.closeAfterReply()
				&& properties.mode() != ServerMode.IDENTIFY;
		FramingSpec framing = new FramingSpec(properties.framing(), properties.delimiter(),
				Units.bytes(properties.maxMessageSize()), burst);
		ConnectionLimits limits = new ConnectionLimits(properties.maxConnections(),
				properties.maxConnectionsPerSource(), properties.maxAcceptsPerSecond());
		return new TcpServerSettings(name, properties.address(), properties.port(), properties.backlog(), framing,
				properties.greeting(), properties.closeAfterReply(), properties.idleTimeout(), limits,
				properties.maxPendingBytes().toBytes(), new SourceFilter(properties.allow(), properties.deny()),
				properties.proxyProtocol(), bundles.server("echo.tcp.servers." + name + ".ssl", properties.ssl()),
				options(properties.options()), TcpServerSettings.DEFAULT_LINGER_TIMEOUT);
	}

	private static SocketOptions options(TcpServerProperties.Options options) {
		return new SocketOptions(options.tcpNoDelay(), options.keepAlive(), options.reuseAddress(), options.reusePort(),
				Units.wholeSecondsIfAny(options.linger()), Units.bytesIfAny(options.receiveBufferSize()),
				Units.bytesIfAny(options.sendBufferSize()), options.trafficClass());
	}

}
