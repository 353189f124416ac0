package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.transport.address.TargetPattern;
import dev.socketecho.transport.loop.TransportType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * All properties under {@code echo}. An unknown property is an error, since a misspelt
 * limit would not limit anything. Property descriptions in IDEs are the texts below.
 *
 * @param transport operating system interface that the sockets use
 * @param eventLoops number of event loops; defaults to the number of available processors
 * @param tcp TCP servers and clients
 * @param udp UDP servers and clients
 * @param identity names and values that tell this instance from others, for the answers
 * of 'mode: identify'; empty values are left out
 * @param probes probes by name
 * @param probeEndpoint the HTTP endpoint /probe
 * @param load limits of load runs
 * @param http the HTTP port
 * @param web the status page
 * @param shutdown the shutdown of the servers
 */
@Validated
@ConfigurationProperties(prefix = "echo", ignoreUnknownFields = false)
public record EchoProperties(@DefaultValue("auto") TransportType transport, @Nullable @Min(1) Integer eventLoops,
		@Valid @DefaultValue Tcp tcp, @Valid @DefaultValue Udp udp, @DefaultValue Map<String, String> identity,
		@DefaultValue Map<@Pattern(regexp = EchoProperties.NAME,
				message = EchoProperties.NAME_MESSAGE) String, @Valid ProbeProperties> probes,
		@Valid @DefaultValue ProbeEndpoint probeEndpoint, @Valid @DefaultValue Load load,
		@Valid @DefaultValue Http http, @DefaultValue Web web, @Valid @DefaultValue Shutdown shutdown) {

	private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

	private static final String NAME_MESSAGE = "must be letters, digits, '-' and '_'";

	/**
	 * TCP servers and clients.
	 *
	 * @param servers servers by name
	 * @param clients clients by name
	 */
	public record Tcp(
			@DefaultValue Map<@Pattern(regexp = NAME,
					message = NAME_MESSAGE) String, @Valid TcpServerProperties> servers,
			@DefaultValue Map<@Pattern(regexp = NAME,
					message = NAME_MESSAGE) String, @Valid TcpClientProperties> clients) {
	}

	/**
	 * UDP servers and clients.
	 *
	 * @param servers servers by name
	 * @param clients clients by name
	 */
	public record Udp(
			@DefaultValue Map<@Pattern(regexp = NAME,
					message = NAME_MESSAGE) String, @Valid UdpServerProperties> servers,
			@DefaultValue Map<@Pattern(regexp = NAME,
					message = NAME_MESSAGE) String, @Valid UdpClientProperties> clients) {
	}

	/**
	 * The HTTP endpoint /probe.
	 *
	 * @param allowedTargets host globs, CIDR blocks and addresses that may be probed
	 * besides the hosts and ports of the clients
	 */
	public record ProbeEndpoint(@DefaultValue List<TargetPattern> allowedTargets) {
	}

	/**
	 * Limits of load runs. What is asked for beyond one is refused.
	 *
	 * @param maxDuration longest duration, and longest warm-up
	 * @param maxConnections most connections
	 * @param maxRate most messages a second
	 * @param maxOutstanding most outstanding messages of one connection
	 * @param maxOutstandingBytes most bytes of the outstanding messages of all
	 * connections: the product of connections, outstanding and payload size
	 */
	public record Load(@DefaultValue("10m") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration maxDuration,
			@DefaultValue("1000") @Min(1) @Max(10_000) int maxConnections,
			@DefaultValue("1000000") @Min(1) @Max(100_000_000) int maxRate,
			@DefaultValue("1024") @Min(1) @Max(65_536) int maxOutstanding,
			@DefaultValue("64MB") @DataSizeRange(min = 1) DataSize maxOutstandingBytes) {
	}

	/**
	 * The HTTP port.
	 *
	 * @param maxConnections most HTTP connections that may be open; one more is closed at
	 * once
	 * @param allowedHosts host names, besides addresses and localhost, under which the
	 * service's own pages may write
	 */
	public record Http(@DefaultValue("1000") @Min(1) int maxConnections,
			@DefaultValue Set<@HostName String> allowedHosts) {
	}

	/**
	 * The status page.
	 *
	 * @param enabled whether the HTTP port serves it
	 */
	public record Web(@DefaultValue("true") boolean enabled) {
	}

	/**
	 * The shutdown of the servers.
	 *
	 * @param readinessDelay how long the servers go on accepting after readiness has
	 * become 503
	 */
	public record Shutdown(@DefaultValue("0s") @DurationMin Duration readinessDelay) {
	}

}
