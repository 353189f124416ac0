package dev.socketecho.config.properties;

import java.time.Duration;

import dev.socketecho.stamp.StampKey;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A probe of a client's server, or of a host and port.
 *
 * @param enabled whether the probe runs
 * @param client name of the client whose server is probed, with the client's framing and
 * TLS
 * @param transport transport, if there is no client
 * @param host IP address or host name to probe, if there is no client
 * @param port port to probe, if there is no client
 * @param interval time from one round to the next
 * @param timeout how long the connection and the first reply may take together, and each
 * further reply
 * @param count messages in a round
 * @param payloadSize length of a message; over UDP at least 44 bytes and at most 65507
 * @param protocol what the server answers with: the message, or what a Session-Reflector
 * of STAMP answers, over UDP
 * @param stamp how STAMP is spoken, with protocol 'stamp'
 */
@ProbeTargetFits
public record ProbeProperties(@DefaultValue("true") boolean enabled, @Nullable String client,
		@Nullable Transport transport, @Nullable @HostName String host, @Nullable @Min(1) @Max(65535) Integer port,
		@DefaultValue("10s") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration interval,
		@DefaultValue("1s") @DurationMin(millis = 1) @DurationMax(hours = 1) Duration timeout,
		@DefaultValue("1") @Min(1) @Max(1000) int count,
		@DefaultValue("64B") @DataSizeRange(min = 1, max = 1024 * 1024) DataSize payloadSize,
		@DefaultValue("echo") Protocol protocol, @Valid @DefaultValue Stamp stamp) {

	/**
	 * What a probed server answers with.
	 */
	public enum Protocol {

		/**
		 * What it has received.
		 */
		ECHO,

		/**
		 * What a Session-Reflector answers (RFC 8762).
		 */
		STAMP

	}

	/**
	 * How a probe speaks STAMP.
	 *
	 * @param hmacKey key of authenticated mode; defaults to unauthenticated mode
	 * @param directMeasurement ask the reflector how many packets it has received and
	 * sent, which tells the direction of losses also of a stateless one
	 * @param stateful whether the reflector is known to be stateful; otherwise the probe
	 * finds it out when the first packet does not reach the reflector
	 */
	public record Stamp(@Nullable StampKey hmacKey, @DefaultValue("false") boolean directMeasurement,
			@DefaultValue("false") boolean stateful) {

		/**
		 * Returns the name of a property that is set.
		 * @return the first of them, {@code null} if all have their defaults
		 */
		public @Nullable String firstSet() {
			if (this.hmacKey != null) {
				return "hmac-key";
			}
			return this.directMeasurement ? "direct-measurement" : this.stateful ? "stateful" : null;
		}

	}

	/**
	 * What carries the messages of a probe.
	 */
	public enum Transport {

		/**
		 * TCP, without framing (RFC 862).
		 */
		TCP,

		/**
		 * UDP.
		 */
		UDP

	}

}
