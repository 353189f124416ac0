package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.tls.ClientAuthentication;
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
 * A TCP server.
 *
 * @param enabled whether the server is opened
 * @param port port to listen on; 0 takes a free one
 * @param address IP literal or host name to listen on; defaults to all addresses
 * @param backlog pending connections that the kernel may queue
 * @param framing how messages are delimited
 * @param delimiter text that ends a message, with framing 'delimiter' and no other
 * @param maxMessageSize longest message; a longer one closes the connection
 * @param mode what becomes of a message
 * @param closeAfterReply whether a connection is for one message
 * @param logPayload whether messages are logged at INFO
 * @param logPayloadLimit how much of a message is logged
 * @param logPayloadRate messages logged in a second; the others are counted in one line a
 * second
 * @param idleTimeout how long a connection may be without a byte in or out; 0 for ever
 * @param maxConnections connections open at once; 0 for no limit
 * @param maxConnectionsPerSource connections open at once from one address; 0 for no
 * limit
 * @param maxAcceptsPerSecond connections accepted in one second; 0 for no limit
 * @param allow IP addresses and blocks of them that may connect; empty for all
 * @param deny IP addresses and blocks of them that may not connect
 * @param proxyProtocol whether connections begin with a HAProxy PROXY protocol header,
 * which names their source
 * @param ssl TLS
 * @param maxPendingBytes bytes queued to a peer that does not read, past which the server
 * stops reading from it
 * @param options socket options
 */
@DelimiterFits
public record TcpServerProperties(@DefaultValue("true") boolean enabled,
		@NotNull(message = "is required") @Min(0) @Max(65535) Integer port, @Nullable @HostName String address,
		@DefaultValue("1024") @Min(1) int backlog, @DefaultValue("none") Framing framing, @Nullable String delimiter,
		@DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxMessageSize, @DefaultValue("echo") ServerMode mode,
		@DefaultValue("false") boolean closeAfterReply, @DefaultValue("false") boolean logPayload,
		@DefaultValue("1KB") @DataSizeRange(min = 0, max = 1024 * 1024) DataSize logPayloadLimit,
		@DefaultValue("100") @Min(1) @Max(1_000_000) int logPayloadRate,
		@DefaultValue("5m") @DurationMin @DurationMax(days = 36500) Duration idleTimeout,
		@DefaultValue("0") @Min(0) int maxConnections, @DefaultValue("0") @Min(0) int maxConnectionsPerSource,
		@DefaultValue("0") @Min(0) @Max(1_000_000) int maxAcceptsPerSecond, @DefaultValue List<@Cidr String> allow,
		@DefaultValue List<@Cidr String> deny, @DefaultValue("false") boolean proxyProtocol, @Valid @Nullable Ssl ssl,
		@DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxPendingBytes,
		@Valid @DefaultValue Options options) implements Framed {

	/**
	 * TLS of a TCP server.
	 *
	 * @param bundle name of an SSL bundle, under 'spring.ssl.bundle', with the server's
	 * certificate
	 * @param clientAuth whether clients are asked for a certificate that the bundle's
	 * trust store trusts
	 */
	public record Ssl(@NotNull(message = "is required") String bundle,
			@DefaultValue("none") ClientAuthentication clientAuth) {
	}

	/**
	 * Socket options of a TCP server. What has no default is the operating system's.
	 *
	 * @param tcpNoDelay whether small segments are sent at once
	 * @param keepAlive whether idle connections are probed
	 * @param reuseAddress whether to bind although connections of an earlier process
	 * linger
	 * @param reusePort whether several sockets may listen on the port
	 * @param linger how long a close waits for unsent bytes, rounded up to whole seconds;
	 * 0 resets
	 * @param receiveBufferSize bytes that the kernel holds for the server
	 * @param sendBufferSize bytes that the kernel holds for the peer
	 * @param trafficClass traffic class in the IP header
	 */
	public record Options(@DefaultValue("true") boolean tcpNoDelay, @DefaultValue("true") boolean keepAlive,
			@DefaultValue("true") boolean reuseAddress, @DefaultValue("false") boolean reusePort,
			@Nullable @DurationMin @DurationMax(seconds = 65535) Duration linger,
			@Nullable @DataSizeRange(min = 1) DataSize receiveBufferSize,
			@Nullable @DataSizeRange(min = 1) DataSize sendBufferSize,
			@Nullable @Min(0) @Max(255) Integer trafficClass) {
	}

}
