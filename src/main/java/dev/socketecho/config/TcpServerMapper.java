package dev.socketecho.config;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.server.PayloadLogSettings;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.telemetry.ServerRecorder;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.ConnectionLimits;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import dev.socketecho.transport.tcp.TcpServerSettings;

/**
 * Makes servers of properties.
 */
final class TcpServerMapper {

	private TcpServerMapper() {
	}

	/**
	 * Makes a server, which does not listen yet.
	 */
	static TcpEchoServer server(String name, TcpServerProperties properties, EventLoops eventLoops,
			ServerRecorder recorder, TlsBundles bundles) {
		PayloadLogSettings payloadLog = properties.logPayload()
				? new PayloadLogSettings(Units.bytes(properties.logPayloadLimit()), properties.logPayloadRate()) : null;
		return new TcpEchoServer(
				new NettyTcpServerConnectionFactory(settings(name, properties, bundles), eventLoops, recorder),
				properties.mode(), payloadLog);
	}

	private static TcpServerSettings settings(String name, TcpServerProperties properties, TlsBundles bundles) {
		// What looks at single messages gets them one by one.
		boolean burst = !properties.logPayload() && !properties.closeAfterReply();
		FramingSpec framing = new FramingSpec(properties.framing(), properties.delimiter(),
				Units.bytes(properties.maxMessageSize()), burst);
		ConnectionLimits limits = new ConnectionLimits(properties.maxConnections(),
				properties.maxConnectionsPerSource(), properties.maxAcceptsPerSecond());
		return new TcpServerSettings(name, properties.address(), properties.port(), properties.backlog(), framing,
				properties.closeAfterReply(), properties.idleTimeout(), limits, properties.maxPendingBytes().toBytes(),
				sources(properties), properties.proxyProtocol(),
				bundles.server("echo.tcp.servers." + name + ".ssl", properties.ssl()), options(properties.options()),
				TcpServerSettings.DEFAULT_LINGER_TIMEOUT);
	}

	private static SourceFilter sources(TcpServerProperties properties) {
		return new SourceFilter(properties.allow().stream().map(CidrBlock::parse).toList(),
				properties.deny().stream().map(CidrBlock::parse).toList());
	}

	private static SocketOptions options(TcpServerProperties.Options options) {
		return new SocketOptions(options.tcpNoDelay(), options.keepAlive(), options.reuseAddress(), options.reusePort(),
				Units.wholeSecondsIfAny(options.linger()), Units.bytesIfAny(options.receiveBufferSize()),
				Units.bytesIfAny(options.sendBufferSize()), options.trafficClass());
	}

}
