package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.transport.loop.TransportType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Everything under {@code echo}. An unknown property is an error: a misspelt limit would
 * be no limit.
 *
 * @param transport operating system interface that carries the sockets
 * @param eventLoops number of event loops; defaults to the processors available
 * @param tcp TCP servers and clients
 * @param udp UDP servers and clients
 * @param probes probes by name
 * @param probeEndpoint the HTTP endpoint /probe
 * @param http HTTP
 * @param shutdown shutdown
 */
@Validated
@ConfigurationProperties(prefix = "echo", ignoreUnknownFields = false)
public record EchoProperties(@DefaultValue("auto") TransportType transport, @Nullable @Min(1) Integer eventLoops,
		@Valid @DefaultValue Tcp tcp, @Valid @DefaultValue Udp udp,
		@DefaultValue Map<@Pattern(regexp = EchoProperties.NAME,
				message = EchoProperties.NAME_MESSAGE) String, @Valid ProbeProperties> probes,
		@Valid @DefaultValue ProbeEndpoint probeEndpoint, @Valid @DefaultValue Http http,
		@Valid @DefaultValue Shutdown shutdown) {

	private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}";

	private static final String NAME_MESSAGE = "must be letters, digits, '-' and '_'";

	/**
	 * TCP.
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
	 * UDP.
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
	 * @param allowedTargets host globs, CIDRs and addresses that may be probed besides
	 * the clients' own hosts and ports
	 */
	public record ProbeEndpoint(@DefaultValue List<@TargetPattern String> allowedTargets) {
	}

	/**
	 * HTTP.
	 *
	 * @param maxConnections HTTP connections that may be open; one more is closed at once
	 * @param allowedHosts host names besides addresses and localhost under which pages of
	 * the service itself may write
	 */
	public record Http(@DefaultValue("1000") @Min(1) int maxConnections,
			@DefaultValue Set<@HostName String> allowedHosts) {
	}

	/**
	 * Shutdown.
	 *
	 * @param readinessDelay how long listening goes on after readiness has turned to 503
	 */
	public record Shutdown(@DefaultValue("0s") @DurationMin Duration readinessDelay) {
	}

}
