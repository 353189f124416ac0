package dev.socketecho.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import dev.socketecho.codec.FramingSpec;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.ServerMode;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.transport.udp.UdpServerSettings;
import io.netty.handler.codec.TooLongFrameException;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * What {@code mode: identify} needs at the start: the identity of this instance, and the
 * check that a server can answer at all.
 */
final class IdentityMapper {

	private IdentityMapper() {
	}

	/**
	 * Returns the identity of this instance. The host's name is looked up only if a
	 * server needs it, since that may take time.
	 */
	static InstanceIdentity identity(EchoProperties properties) {
		boolean needed = Stream
			.concat(properties.tcp().servers().values().stream().map(TcpServerProperties::mode),
					properties.udp().servers().values().stream().map(UdpServerProperties::mode))
			.anyMatch((mode) -> mode == ServerMode.IDENTIFY);
		Map<String, String> instance = new LinkedHashMap<>(properties.identity());
		// Kubernetes sets a variable to nothing if a pod does not have the label.
		instance.values().removeIf(String::isEmpty);
		return new InstanceIdentity(needed ? hostname() : "", instance);
	}

	private static String hostname() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			// The name has no address.
			return Objects.requireNonNullElse(System.getenv("HOSTNAME"), "localhost");
		}
	}

	/**
	 * Checks that a TCP server can answer.
	 * @throws InvalidConfigurationPropertyValueException if its framing cannot carry an
	 * answer
	 */
	static void requireFits(String prefix, TcpServerProperties properties, TcpEchoServer server) {
		try {
			server.requireIdentifiable();
		}
		catch (TooLongFrameException ex) {
			FramingSpec spec = server.connectionFactory().settings().framing();
			boolean framing = spec.newFramer().longestMessage() < spec.maxMessageSize();
			throw new InvalidConfigurationPropertyValueException(prefix + (framing ? ".framing" : ".max-message-size"),
					framing ? properties.framing().value() : properties.maxMessageSize(),
					"is too small for the answers of mode 'identify': " + ex.getMessage());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".delimiter", properties.delimiter(),
					"is a part of each answer of mode 'identify'");
		}
	}

	/**
	 * Checks that a UDP server can answer some datagram.
	 * @throws InvalidConfigurationPropertyValueException if each answer is too long
	 */
	static void requireFits(String prefix, UdpServerProperties properties, UdpEchoServer server) {
		int shortest = server.shortestIdentifyAnswer();
		if (shortest > UdpServerSettings.MAX_IPV6_DATAGRAM_SIZE) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".mode", "identify",
					"needs answers of at least %d bytes with these echo.identity values, which no datagram holds"
						.formatted(shortest));
		}
		if (properties.allow().isEmpty() && shortest > properties.maxDatagramSize().toBytes()) {
			throw new InvalidConfigurationPropertyValueException(prefix + ".max-datagram-size",
					properties.maxDatagramSize(),
					("is too small for mode 'identify' without 'allow': answers have at least %d bytes, "
							+ "and a datagram is answered only if it is as long")
						.formatted(shortest));
		}
	}

}
