package dev.socketecho.config.properties;

import java.time.Duration;

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
 * A UDP client.
 *
 * @param host IP address or host name to send to
 * @param port port to send to
 * @param maxMessageSize longest message that is sent; one that does not fit a datagram
 * fails with 'message_too_long'
 * @param connectTimeout how long the lookup of the host may take
 * @param replyTimeout how long a reply may take
 * @param localAddress IP address or host name to send from; defaults to the route's
 * choice
 * @param localPort port to send from; 0 is any free port
 * @param options socket options
 */
public record UdpClientProperties(@NotNull(message = "is required") @HostName String host,
		@NotNull(message = "is required") @Min(1) @Max(65535) Integer port,
		@DefaultValue("1MB") @DataSizeRange(min = 1) DataSize maxMessageSize,
		@DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration connectTimeout,
		@DefaultValue("5s") @DurationMin(millis = 1) @DurationMax(hours = 24) Duration replyTimeout,
		@Nullable @HostName String localAddress, @DefaultValue("0") @Min(0) @Max(65535) int localPort,
		@Valid @DefaultValue Options options) {

	/**
	 * Socket options of a UDP client. An option without a default is the operating
	 * system's.
	 *
	 * @param reuseAddress whether a fixed local port is shared
	 * @param receiveBufferSize bytes that the kernel holds for the client
	 * @param sendBufferSize bytes that the kernel holds for the network
	 * @param trafficClass traffic class in the IP header
	 */
	public record Options(@DefaultValue("true") boolean reuseAddress,
			@Nullable @DataSizeRange(min = 1) DataSize receiveBufferSize,
			@Nullable @DataSizeRange(min = 1) DataSize sendBufferSize,
			@Nullable @Min(0) @Max(255) Integer trafficClass) {
	}

}
