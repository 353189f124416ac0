package dev.socketecho.config.properties;

import java.time.Duration;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.proxy.ProxyProtocol;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A TCP client.
 *
 * @param host IP address or host name to connect to
 * @param port port to connect to
 * @param framing where a message ends
 * @param delimiter text that ends a message, with framing 'delimiter' only
 * @param path path and query that the handshake asks for, with framing 'websocket' only
 * @param maxMessageSize longest message that is sent or accepted
 * @param connectTimeout how long connecting may take, with the lookup of the host and the
 * handshakes of TLS and WebSocket
 * @param replyTimeout how long a reply may take
 * @param poolSize number of connections that are kept open
 * @param localAddress IP address or host name to connect from; defaults to the route's
 * choice
 * @param localPort port to connect from; 0 is any free port
 * @param closeAfterReply whether a connection carries one message only, whose reply is
 * everything until the server closes
 * @param ssl TLS
 * @param proxyProtocol version of the HAProxy PROXY protocol header that a connection
 * begins with, before TLS; it names the addresses of the client's own socket
 * @param options socket options
 */
@DelimiterFits
public record TcpClientProperties(@NotNull(message = "is required") @HostName String host,
		@NotNull(message = "is required") @Min(1) @Max(65535) Integer port, @DefaultValue("none") Framing framing,
		@Nullable String delimiter, @DefaultValue("/") @RequestPath String path,
		@DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxMessageSize,
		@DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration connectTimeout,
		@DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration replyTimeout,
		@DefaultValue("1") @Min(1) @Max(1024) int poolSize, @Nullable @HostName String localAddress,
		@DefaultValue("0") @Min(0) @Max(65535) int localPort, @DefaultValue("false") boolean closeAfterReply,
		@Valid @Nullable Ssl ssl, @DefaultValue("none") ProxyProtocol proxyProtocol,
		@Valid @DefaultValue Options options) implements Framed {

	/**
	 * TLS of a TCP client.
	 *
	 * @param bundle name of an SSL bundle under 'spring.ssl.bundle', with the authorities
	 * to trust (without any, the JDK's) and the client's certificate, if servers ask for
	 * one
	 * @param verifyHostname whether the server's certificate has to name the server
	 * @param serverName name that is asked for (SNI) and that the certificate has to
	 * have; defaults to the host. An IP address is verified, but not asked for
	 */
	public record Ssl(@NotNull(message = "is required") String bundle, @DefaultValue("true") boolean verifyHostname,
			@Nullable @HostName String serverName) {
	}

	/**
	 * Socket options of a TCP client. An option without a default is the operating
	 * system's.
	 *
	 * @param tcpNoDelay whether small segments are sent at once (TCP_NODELAY)
	 * @param keepAlive whether the kernel probes idle connections
	 * @param reuseAddress whether a fixed local port is used although connections of an
	 * earlier process are still closing
	 * @param linger how long closing waits for unsent bytes, rounded up to whole seconds;
	 * 0 resets
	 * @param receiveBufferSize bytes that the kernel holds for the client
	 * @param sendBufferSize bytes that the kernel holds for the server
	 * @param trafficClass traffic class in the IP header
	 */
	public record Options(@DefaultValue("true") boolean tcpNoDelay, @DefaultValue("true") boolean keepAlive,
			@DefaultValue("true") boolean reuseAddress,
			@Nullable @DurationMin @DurationMax(seconds = 65535) Duration linger,
			@Nullable @DataSizeRange(min = 1) DataSize receiveBufferSize,
			@Nullable @DataSizeRange(min = 1) DataSize sendBufferSize,
			@Nullable @Min(0) @Max(255) Integer trafficClass) {
	}

}
