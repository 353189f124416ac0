package dev.socketecho.config;

import java.time.Duration;
import java.util.Map;

import dev.socketecho.transport.TransportType;
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
 * @param tcp TCP servers
 * @param udp UDP servers
 * @param shutdown shutdown
 */
@Validated
@ConfigurationProperties(prefix = "echo", ignoreUnknownFields = false)
public record EchoProperties(@DefaultValue("auto") TransportType transport, @Nullable @Min(1) Integer eventLoops,
		@Valid @DefaultValue Tcp tcp, @Valid @DefaultValue Udp udp, @Valid @DefaultValue Shutdown shutdown) {

	/**
	 * TCP.
	 *
	 * @param servers servers by name
	 */
	public record Tcp(@DefaultValue Map<@Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}",
			message = "must be letters, digits, '-' and '_'") String, @Valid TcpServerProperties> servers) {
	}

	/**
	 * UDP.
	 *
	 * @param servers servers by name
	 */
	public record Udp(@DefaultValue Map<@Pattern(regexp = "[A-Za-z0-9][A-Za-z0-9_-]{0,62}",
			message = "must be letters, digits, '-' and '_'") String, @Valid UdpServerProperties> servers) {
	}

	/**
	 * Shutdown.
	 *
	 * @param readinessDelay how long listening goes on after readiness has turned to 503
	 */
	public record Shutdown(@DefaultValue("0s") @DurationMin Duration readinessDelay) {
	}

}
