package dev.socketecho.config;

import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.config.properties.TcpClientProperties;
import dev.socketecho.config.properties.UdpClientProperties;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.udp.UdpClientOptions;
import dev.socketecho.transport.udp.UdpClientSettings;

/**
 * Converts the properties of clients to settings.
 */
final class ClientMapper {

	private ClientMapper() {
	}

	static TcpEchoClientSettings tcp(String name, TcpClientProperties properties, TlsBundles bundles) {
		FramingSpec framing = new FramingSpec(properties.framing(), properties.delimiter(),
				Units.bytes(properties.maxMessageSize()), false);
		TcpClientSettings connection = new TcpClientSettings(name, properties.host(), properties.port(), framing,
				properties.connectTimeout(), properties.localAddress(), properties.localPort(),
				options(properties.options()), properties.proxyProtocol(),
				bundles.client("echo.tcp.clients." + name + ".ssl", properties.ssl()), properties.path());
		return new TcpEchoClientSettings(connection, properties.replyTimeout(), properties.poolSize(),
				properties.closeAfterReply());
	}

	static UdpEchoClientSettings udp(String name, UdpClientProperties properties) {
		UdpClientProperties.Options options = properties.options();
		UdpClientOptions socketOptions = new UdpClientOptions(options.reuseAddress(),
				Units.bytesIfAny(options.receiveBufferSize()), Units.bytesIfAny(options.sendBufferSize()),
				options.trafficClass());
		UdpClientSettings socket = new UdpClientSettings(name, properties.host(), properties.port(),
				properties.connectTimeout(), properties.localAddress(), properties.localPort(), socketOptions);
		return new UdpEchoClientSettings(socket, properties.replyTimeout(), Units.bytes(properties.maxMessageSize()));
	}

	private static SocketOptions options(TcpClientProperties.Options options) {
		return new SocketOptions(options.tcpNoDelay(), options.keepAlive(), options.reuseAddress(), false,
				Units.wholeSecondsIfAny(options.linger()), Units.bytesIfAny(options.receiveBufferSize()),
				Units.bytesIfAny(options.sendBufferSize()), options.trafficClass());
	}

}
