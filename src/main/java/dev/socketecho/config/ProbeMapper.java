package dev.socketecho.config;

import java.time.Duration;
import java.util.Objects;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.config.properties.ProbeProperties;
import dev.socketecho.probe.EchoProbe;
import dev.socketecho.probe.ProbePayload;
import dev.socketecho.probe.ProbeProtocol;
import dev.socketecho.probe.ProbeTarget;
import dev.socketecho.stamp.StampSender;
import dev.socketecho.transport.udp.UdpServerSettings;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Converts the properties of probes to settings.
 */
final class ProbeMapper {

	private ProbeMapper() {
	}

	static EchoProbe.Settings settings(String name, ProbeProperties properties, EchoClients clients) {
		String clientName = properties.client();
		ProbeTarget target = (clientName != null) ? ProbeTarget.of(client(name, clientName, clients))
				: target(name, properties);
		target = speaking(name, properties, target);
		requireFits(name, properties.payloadSize(), target);
		return new EchoProbe.Settings(name, target, properties.interval(), properties.timeout(), properties.count(),
				Math.toIntExact(properties.payloadSize().toBytes()));
	}

	private static ProbeTarget speaking(String name, ProbeProperties properties, ProbeTarget target) {
		ProbeProperties.Stamp stamp = properties.stamp();
		String reason = null;
		if (properties.protocol() == ProbeProperties.Protocol.STAMP) {
			if (target instanceof ProbeTarget.Udp udp) {
				return udp.speaking(new ProbeProtocol.Stamp(new StampSender(stamp.hmacKey(), stamp.directMeasurement()),
						stamp.stateful()));
			}
			reason = "STAMP is a protocol over UDP, and the target is one over TCP";
		}
		else if (stamp.firstSet() != null) {
			reason = "must be stamp, because stamp.%s is set".formatted(stamp.firstSet());
		}
		if (reason != null) {
			throw new InvalidConfigurationPropertyValueException("echo.probes.%s.protocol".formatted(name),
					properties.protocol(), reason);
		}
		return target;
	}

	/**
	 * Rejects a payload that the target's transport or framing cannot carry: the probe
	 * would never be up.
	 */
	private static void requireFits(String name, DataSize payloadSize, ProbeTarget target) {
		int size = Math.toIntExact(payloadSize.toBytes());
		String reason = switch (target) {
			case ProbeTarget.Udp _ -> (size > UdpServerSettings.MAX_DATAGRAM_SIZE)
					? "must be at most %d bytes over UDP, which is what one datagram holds"
						.formatted(UdpServerSettings.MAX_DATAGRAM_SIZE)
					: null;
			case ProbeTarget.Tcp tcp -> misfit(tcp.settings().connection().framing(), size);
		};
		if (reason != null) {
			throw new InvalidConfigurationPropertyValueException("echo.probes.%s.payload-size".formatted(name),
					payloadSize, reason);
		}
	}

	private static @Nullable String misfit(FramingSpec framing, int size) {
		try {
			framing.newFramer().requireFits(ProbePayload.of(0, size));
			return null;
		}
		catch (TooLongFrameException ex) {
			return "does not fit the client's framing and max-message-size: " + ex.getMessage();
		}
	}

	private static EchoClient client(String probe, String name, EchoClients clients) {
		@Nullable EchoClient client = clients.byName(name);
		if (client == null) {
			throw new InvalidConfigurationPropertyValueException("echo.probes.%s.client".formatted(probe), name,
					"there is no such client under echo.tcp.clients or echo.udp.clients");
		}
		return client;
	}

	private static ProbeTarget target(String name, ProbeProperties properties) {
		String host = Objects.requireNonNull(properties.host());
		int port = Objects.requireNonNull(properties.port());
		Duration timeout = properties.timeout();
		return switch (Objects.requireNonNull(properties.transport())) {
			case TCP -> ProbeTarget.tcp(name, host, port, Framing.NONE, timeout);
			case UDP -> ProbeTarget.udp(name, host, port, timeout);
		};
	}

}
