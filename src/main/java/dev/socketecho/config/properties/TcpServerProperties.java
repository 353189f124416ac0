package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.transport.address.CidrBlock;
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
 * @param enabled whether the server starts
 * @param port port to listen on; 0 is any free port
 * @param address IP literal or host name to listen on; defaults to all addresses
 * @param backlog most connections that the kernel queues until they are accepted
 * @param framing where a message ends
 * @param delimiter text that ends a message, with framing 'delimiter' only
 * @param greeting text that the server sends when a connection opens, as it is and
 * without framing
 * @param maxMessageSize longest message; a longer one closes the connection
 * @param mode what the server does with a message
 * @param closeAfterReply whether a connection carries one message only
 * @param logPayload whether messages are logged at INFO
 * @param logPayloadLimit most bytes of a message that are logged
 * @param logPayloadRate most messages that are logged in a second; one line a second has
 * the number of the others
 * @param idleTimeout how long a connection may be open without a byte in or out; 0 is no
 * limit
 * @param maxConnections most connections that are open at once; 0 is no limit
 * @param maxConnectionsPerSource most connections that are open at once from one address;
 * 0 is no limit
 * @param maxAcceptsPerSecond most connections that are accepted in a second; 0 is no
 * limit
 * @param allow IP addresses and CIDR blocks that may connect; empty for all
 * @param deny IP addresses and CIDR blocks that may not connect
 * @param proxyProtocol whether a connection begins with a HAProxy PROXY protocol header,
 * which names its source
 * @param ssl TLS
 * @param maxPendingBytes most bytes that are queued to a peer that does not read; the
 * server then stops reading from it
 * @param faults faults that the server commits on purpose, by name
 * @param options socket options
 */
@DelimiterFits
@FaultsFit
public record TcpServerProperties(@DefaultValue("true") boolean enabled,
		@NotNull(message = "is required") @Min(0) @Max(65535) Integer port, @Nullable @HostName String address,
		@DefaultValue("1024") @Min(1) int backlog, @DefaultValue("none") Framing framing, @Nullable String delimiter,
		@Nullable String greeting, @DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxMessageSize,
		@DefaultValue("echo") @ModeOfTcp ServerMode mode, @DefaultValue("false") boolean closeAfterReply,
		@DefaultValue("false") boolean logPayload,
		@DefaultValue("1KB") @DataSizeRange(min = 0, max = 1024 * 1024) DataSize logPayloadLimit,
		@DefaultValue("100") @Min(1) @Max(1_000_000) int logPayloadRate,
		@DefaultValue("5m") @DurationMin @DurationMax(days = 36500) Duration idleTimeout,
		@DefaultValue("0") @Min(0) int maxConnections, @DefaultValue("0") @Min(0) int maxConnectionsPerSource,
		@DefaultValue("0") @Min(0) @Max(1_000_000) int maxAcceptsPerSecond, @DefaultValue List<CidrBlock> allow,
		@DefaultValue List<CidrBlock> deny, @DefaultValue("false") boolean proxyProtocol, @Valid @Nullable Ssl ssl,
		@DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxPendingBytes,
		@DefaultValue Map<String, @Valid FaultProperties> faults,
		@Valid @DefaultValue Options options) implements Framed, FaultsFit.Faulty {

	@Override
	public Framing streamFraming() {
		return this.framing;
	}

	/**
	 * TLS of a TCP server.
	 *
	 * @param bundle name of an SSL bundle under 'spring.ssl.bundle', with the server's
	 * certificate
	 * @param clientAuth whether clients are asked for a certificate that the bundle's
	 * trust store trusts
	 */
	public record Ssl(@NotNull(message = "is required") String bundle,
			@DefaultValue("none") ClientAuthentication clientAuth) {
	}

	/**
	 * Socket options of a TCP server. An option without a default is the operating
	 * system's.
	 *
	 * @param tcpNoDelay whether small segments are sent at once (TCP_NODELAY)
	 * @param keepAlive whether the kernel probes idle connections
	 * @param reuseAddress whether to bind although connections of an earlier process are
	 * still closing
	 * @param reusePort whether several sockets may listen on the port
	 * @param linger how long closing waits for unsent bytes, rounded up to whole seconds;
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
