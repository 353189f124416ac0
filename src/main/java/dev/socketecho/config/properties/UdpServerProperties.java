package dev.socketecho.config.properties;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.codec.Framing;
import dev.socketecho.server.ServerMode;
import dev.socketecho.stamp.StampKey;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.udp.UdpServerSettings;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * A UDP server.
 *
 * @param enabled whether the server starts
 * @param port port to bind; 0 is any free port
 * @param address IP literal or host name to bind; defaults to all addresses
 * @param allow IP addresses and CIDR blocks that are answered; empty for all
 * @param deny IP addresses and CIDR blocks that are not answered
 * @param logPayload whether datagrams are logged at INFO
 * @param logPayloadLimit most bytes of a datagram that are logged
 * @param logPayloadRate most datagrams that are logged in a second; one line a second has
 * the number of the others
 * @param mode what the server does with a datagram
 * @param maxDatagramSize longest datagram; a longer one is dropped, never truncated
 * @param replyPort port of the sender's address that answers go to; defaults to the
 * sender's port
 * @param maxDatagramsPerSecondPerSource most datagrams of one address that are answered
 * in a second; 0 is no limit
 * @param blockedSourcePorts source ports that are never answered, besides port 0 and the
 * ports of this service's own UDP servers
 * @param multicast multicast groups
 * @param portSharing whether other sockets of this host may bind the same multicast group
 * and port; each of them then receives every datagram
 * @param faults faults that the server commits on purpose, by name
 * @param stamp what a Session-Reflector of STAMP does, with mode 'stamp'
 * @param options socket options
 */
@FaultsFit
@ReplyPortIsSafe
@StampIsMeant
public record UdpServerProperties(@DefaultValue("true") boolean enabled,
		@NotNull(message = "is required") @Min(0) @Max(65535) Integer port, @Nullable @HostName String address,
		@DefaultValue List<CidrBlock> allow, @DefaultValue List<CidrBlock> deny,
		@DefaultValue("false") boolean logPayload,
		@DefaultValue("1KB") @DataSizeRange(min = 0, max = 1024 * 1024) DataSize logPayloadLimit,
		@DefaultValue("100") @Min(1) @Max(1_000_000) int logPayloadRate, @DefaultValue("echo") ServerMode mode,
		@DefaultValue("65507B") @DataSizeRange(min = 0,
				max = UdpServerSettings.MAX_IPV6_DATAGRAM_SIZE) DataSize maxDatagramSize,
		@Nullable @Min(1) @Max(65535) Integer replyPort, @DefaultValue("0") @Min(0) int maxDatagramsPerSecondPerSource,
		@DefaultValue( {
				"7", "11", "13", "17", "19", "37", "53", "69",
				"123" }) Set<@Min(0) @Max(65535) Integer> blockedSourcePorts,
		@Valid @DefaultValue Multicast multicast, @DefaultValue("false") boolean portSharing,
		@DefaultValue Map<String, @Valid FaultProperties> faults, @Valid @DefaultValue Stamp stamp,
		@Valid @DefaultValue Options options) implements FaultsFit.Faulty{

	@Override
	public @Nullable Framing streamFraming() {
		return null;
	}

	/**
	 * Multicast groups of a UDP server.
	 *
	 * @param groups groups to join
	 * @param networkInterface name or address of the interface to join them on; defaults
	 * to the operating system's choice
	 * @param loopback whether this host receives what it sends to a group; defaults to
	 * the operating system's choice
	 * @param timeToLive most hops of a datagram that this host sends to a group
	 */
	public record Multicast(@DefaultValue List<MulticastGroup> groups,
			@Name("interface") @Nullable String networkInterface, @Nullable Boolean loopback,
			@DefaultValue("1") @Min(0) @Max(255) int timeToLive) {
	}

	/**
	 * A Session-Reflector of STAMP (RFC 8762 and 8972).
	 *
	 * @param hmacKey key of authenticated mode: only packets with a valid HMAC are
	 * answered; defaults to unauthenticated mode
	 * @param stateful whether the answers of each session have sequence numbers of their
	 * own, so that the sender learns which way its packets were lost
	 * @param maxSessions most sessions that are counted; those beyond are answered as
	 * without 'stateful'
	 * @param sessionTimeout how long a session is remembered after its last packet
	 * @param isSynchronized whether something outside synchronises this host's clock to
	 * UTC, which the answers then say
	 */
	public record Stamp(@Nullable StampKey hmacKey, @DefaultValue("false") boolean stateful,
			@DefaultValue("10000") @Min(1) @Max(1_000_000) int maxSessions,
			@DefaultValue("15m") @DurationMin(seconds = 1) @DurationMax(days = 36500) Duration sessionTimeout,
			@Name("synchronized") @DefaultValue("false") boolean isSynchronized) {

		/**
		 * Returns the name of a property that makes sense for a reflector only.
		 * @return the first that is set, {@code null} if there is none
		 */
		@Nullable String firstSet() {
			if (this.hmacKey != null) {
				return "hmac-key";
			}
			return this.stateful ? "stateful" : this.isSynchronized ? "synchronized" : null;
		}

	}

	/**
	 * Socket options of a UDP server. An option without a default is the operating
	 * system's.
	 *
	 * @param reuseAddress whether sockets of other processes may bind the same port
	 * @param reusePort whether each event loop opens a socket of its own on the port
	 * @param receiveBufferSize bytes that the kernel holds for the server
	 * @param sendBufferSize bytes that the kernel holds for the network
	 * @param trafficClass traffic class in the IP header
	 * @param segmentation whether answers of one length to one sender reach the kernel in
	 * one piece
	 */
	public record Options(@DefaultValue("false") boolean reuseAddress, @DefaultValue("false") boolean reusePort,
			@Nullable @DataSizeRange(min = 1) DataSize receiveBufferSize,
			@Nullable @DataSizeRange(min = 1) DataSize sendBufferSize, @Nullable @Min(0) @Max(255) Integer trafficClass,
			@DefaultValue("false") boolean segmentation) {
	}

}
