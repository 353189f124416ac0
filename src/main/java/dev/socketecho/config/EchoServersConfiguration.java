package dev.socketecho.config;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.socketecho.actuate.ConnectionsEndpoint;
import dev.socketecho.actuate.EchoServerHealthIndicator;
import dev.socketecho.config.page.Recorders;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.metrics.ConnectionLimitMeters;
import dev.socketecho.metrics.StampMeters;
import dev.socketecho.metrics.TlsCertificateMeters;
import dev.socketecho.server.EchoServer;
import dev.socketecho.server.EchoServers;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.ServerShutdown;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.stamp.StampSessions;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.BoundPorts;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * The servers, with their health, meters, HTTP endpoint and shutdown.
 */
@Configuration(proxyBeanMethods = false)
class EchoServersConfiguration {

	/**
	 * How much longer than its own limits Spring waits for the shutdown of the servers.
	 */
	private static final Duration SHUTDOWN_MARGIN = Duration.ofSeconds(5);

	@Bean
	EchoServers echoServers(EchoProperties properties, EventLoops eventLoops, Recorders recorders,
			IntegrationFlowContext flows, SslBundles sslBundles) {
		TlsBundles bundles = new TlsBundles(sslBundles);
		InstanceIdentity identity = IdentityMapper.identity(properties);
		List<TcpEchoServer> tcp = properties.tcp()
			.servers()
			.entrySet()
			.stream()
			.filter((server) -> server.getValue().enabled())
			.map((server) -> TcpServerMapper.server(server.getKey(), server.getValue(), eventLoops,
					recorders.tcpServer(server.getKey()), bundles, identity))
			.toList();
		BoundPorts boundPorts = new BoundPorts();
		List<UdpEchoServer> udp = properties.udp()
			.servers()
			.entrySet()
			.stream()
			.filter((server) -> server.getValue().enabled())
			.map((server) -> UdpServerMapper.server(server.getKey(), server.getValue(), eventLoops, boundPorts,
					recorders.udpServer(server.getKey()), identity))
			.toList();
		return new EchoServers(tcp, udp, flows);
	}

	/**
	 * When the certificates of the servers with TLS expire.
	 */
	@Bean
	TlsCertificateMeters tlsCertificateMeters(EchoServers servers) {
		Map<String, Supplier<@Nullable Instant>> expiries = new LinkedHashMap<>();
		for (TcpEchoServer server : servers.tcp()) {
			ServerTls tls = server.connectionFactory().settings().tls();
			if (tls != null) {
				expiries.put(server.name(), tls::certificateExpiry);
			}
		}
		return new TlsCertificateMeters(expiries);
	}

	/**
	 * How many connections the servers with a limit may have.
	 */
	@Bean
	ConnectionLimitMeters connectionLimitMeters(EchoProperties properties) {
		Map<String, Integer> limits = new LinkedHashMap<>();
		properties.tcp().servers().forEach((name, server) -> {
			if (server.enabled() && server.maxConnections() > 0) {
				limits.put(name, server.maxConnections());
			}
		});
		return new ConnectionLimitMeters(limits);
	}

	/**
	 * How many sessions the stateful reflectors have, and what had no place there.
	 */
	@Bean
	StampMeters stampMeters(EchoServers servers) {
		Map<String, StampMeters.Sessions> sessions = new LinkedHashMap<>();
		for (UdpEchoServer server : servers.udp()) {
			StampSessions of = server.sessions();
			if (of != null) {
				sessions.put(server.name(), new StampMeters.Sessions(of::size, of::uncounted));
			}
		}
		return new StampMeters(sessions);
	}

	@Bean
	ServerShutdown serverShutdown(EchoServers servers, EchoProperties properties, LifecycleProperties lifecycle,
			DefaultLifecycleProcessor lifecycleProcessor) {
		Duration readinessDelay = properties.shutdown().readinessDelay();
		Duration timeout = lifecycle.getTimeoutPerShutdownPhase();
		lifecycleProcessor.setTimeoutForShutdownPhase(ServerShutdown.PHASE,
				readinessDelay.plus(timeout).plus(SHUTDOWN_MARGIN).toMillis());
		return new ServerShutdown(servers, readinessDelay, timeout);
	}

	/**
	 * A component for each server, under its name. A UDP server whose name another server
	 * has gets {@code -udp} behind it.
	 */
	@Bean
	CompositeHealthContributor echoServersHealthContributor(EchoServers servers) {
		Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
		List<EchoServer> namesakes = new ArrayList<>();
		for (EchoServer server : servers.all()) {
			if (indicators.putIfAbsent(server.name(), new EchoServerHealthIndicator(server)) != null) {
				namesakes.add(server);
			}
		}
		// These are added last, so that all other servers have their own names.
		for (EchoServer server : namesakes) {
			String name = server.name() + "-udp";
			while (indicators.containsKey(name)) {
				name += "-udp";
			}
			indicators.put(name, new EchoServerHealthIndicator(server));
		}
		return CompositeHealthContributor.fromMap(indicators);
	}

	@Bean
	ConnectionsEndpoint connectionsEndpoint(EchoServers servers) {
		return new ConnectionsEndpoint(servers);
	}

}
