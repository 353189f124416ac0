package dev.socketecho.config;

import java.time.Duration;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.outbound.TcpEchoClientSettings;
import dev.socketecho.outbound.UdpEchoClientSettings;
import dev.socketecho.transport.SocketOptions;
import dev.socketecho.transport.TcpClientSettings;
import dev.socketecho.transport.UdpClientSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Makes settings of clients of their properties.
 */
final class ClientMapper {

	private ClientMapper() {
	}

	static TcpEchoClientSettings tcp(String name, TcpClientProperties properties, TlsBundles bundles) {
		FramingSpec framing = new FramingSpec(properties.framing(), properties.delimiter(),
				Math.toIntExact(properties.maxMessageSize().toBytes()), false);
		TcpClientSettings connection = new TcpClientSettings(name, properties.host(), properties.port(), framing,
				properties.connectTimeout(), properties.localAddress(), properties.localPort(),
				options(properties.options()), properties.proxyProtocol(),
				bundles.client("echo.tcp.clients." + name + ".ssl", properties.ssl()));
		return new TcpEchoClientSettings(connection, properties.replyTimeout(), properties.poolSize(),
				properties.closeAfterReply());
	}

	static UdpEchoClientSettings udp(String name, UdpClientProperties properties) {
		UdpClientProperties.Options options = properties.options();
		SocketOptions socketOptions = new SocketOptions(true, true, options.reuseAddress(), false, null,
				bytes(options.receiveBufferSize()), bytes(options.sendBufferSize()), options.trafficClass());
		UdpClientSettings socket = new UdpClientSettings(name, properties.host(), properties.port(),
				properties.connectTimeout(), properties.localAddress(), properties.localPort(), socketOptions);
		return new UdpEchoClientSettings(socket, properties.replyTimeout(),
				Math.toIntExact(properties.maxMessageSize().toBytes()));
	}

	private static SocketOptions options(TcpClientProperties.Options options) {
		Duration linger = options.linger();
		return new SocketOptions(options.tcpNoDelay(), options.keepAlive(), options.reuseAddress(), false,
				(linger != null) ? Math.toIntExact(linger.toSeconds()) : null, bytes(options.receiveBufferSize()),
				bytes(options.sendBufferSize()), options.trafficClass());
	}

	private static @Nullable Integer bytes(@Nullable DataSize size) {
		return (size != null) ? Math.toIntExact(size.toBytes()) : null;
	}

}
