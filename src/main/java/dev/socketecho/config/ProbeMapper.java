package dev.socketecho.config;

import java.time.Duration;
import java.util.Objects;

import dev.socketecho.outbound.EchoClient;
import dev.socketecho.outbound.EchoClients;
import dev.socketecho.outbound.EchoProbe;
import dev.socketecho.outbound.ProbeTarget;
import dev.socketecho.outbound.ProbeTargets;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * Makes settings of probes of their properties.
 */
final class ProbeMapper {

	private ProbeMapper() {
	}

	static EchoProbe.Settings settings(String name, ProbeProperties properties, EchoClients clients) {
		String clientName = properties.client();
		ProbeTarget target = (clientName != null) ? ProbeTarget.of(client(name, clientName, clients))
				: target(name, properties);
		return new EchoProbe.Settings(name, target, properties.interval(), properties.timeout(), properties.count(),
				Math.toIntExact(properties.payloadSize().toBytes()));
	}

	private static EchoClient client(String probe, String name, EchoClients clients) {
		@Nullable EchoClient client = clients.byName(name);
		if (client == null) {
			throw new InvalidConfigurationPropertyValueException("echo.probes.%s.client".formatted(probe), name,
					"There is no such client under echo.tcp.clients or echo.udp.clients.");
		}
		return client;
	}

	private static ProbeTarget target(String name, ProbeProperties properties) {
		String host = Objects.requireNonNull(properties.host());
		int port = Objects.requireNonNull(properties.port());
		Duration timeout = properties.timeout();
		return switch (Objects.requireNonNull(properties.transport())) {
			case TCP -> ProbeTargets.tcpStream(name, host, port, timeout);
			case UDP -> ProbeTargets.udp(name, host, port, timeout);
		};
	}

}
