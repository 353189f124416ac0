package dev.socketecho.config;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.socketecho.actuate.ConnectionsEndpoint;
import dev.socketecho.actuate.TcpServerHealthIndicator;
import dev.socketecho.actuate.UdpServerHealthIndicator;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.metrics.ConnectionLimitMeters;
import dev.socketecho.metrics.MicrometerDatagramRecorder;
import dev.socketecho.metrics.MicrometerServerRecorder;
import dev.socketecho.metrics.TlsCertificateMeters;
import dev.socketecho.server.ServerShutdown;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.server.TcpEchoServers;
import dev.socketecho.server.UdpEchoServer;
import dev.socketecho.server.UdpEchoServers;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.BoundPorts;
import io.micrometer.core.instrument.MeterRegistry;
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
	TcpEchoServers tcpEchoServers(EchoProperties properties, EventLoops eventLoops, MeterRegistry registry,
			IntegrationFlowContext flows, SslBundles sslBundles) {
		TlsBundles bundles = new TlsBundles(sslBundles);
		List<TcpEchoServer> servers = properties.tcp()
			.servers()
			.entrySet()
			.stream()
			.filter((server) -> server.getValue().enabled())
			.map((server) -> TcpServerMapper.server(server.getKey(), server.getValue(), eventLoops,
					new MicrometerServerRecorder(registry, server.getKey(), "tcp"), bundles))
			.toList();
		return new TcpEchoServers(servers, flows);
	}

	/**
	 * When the certificates of the servers with TLS expire.
	 */
	@Bean
	TlsCertificateMeters tlsCertificateMeters(TcpEchoServers servers) {
		Map<String, Supplier<@Nullable Instant>> expiries = new LinkedHashMap<>();
		for (TcpEchoServer server : servers.all()) {
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

	@Bean
	UdpEchoServers udpEchoServers(EchoProperties properties, EventLoops eventLoops, MeterRegistry registry,
			IntegrationFlowContext flows) {
		BoundPorts boundPorts = new BoundPorts();
		List<UdpEchoServer> servers = properties.udp()
			.servers()
			.entrySet()
			.stream()
			.filter((server) -> server.getValue().enabled())
			.map((server) -> UdpServerMapper.server(server.getKey(), server.getValue(), eventLoops, boundPorts,
					new MicrometerDatagramRecorder(registry, server.getKey())))
			.toList();
		return new UdpEchoServers(servers, flows);
	}

	@Bean
	ServerShutdown serverShutdown(TcpEchoServers servers, UdpEchoServers udpServers, EchoProperties properties,
			LifecycleProperties lifecycle, DefaultLifecycleProcessor lifecycleProcessor) {
		Duration readinessDelay = properties.shutdown().readinessDelay();
		Duration timeout = lifecycle.getTimeoutPerShutdownPhase();
		lifecycleProcessor.setTimeoutForShutdownPhase(ServerShutdown.PHASE,
				readinessDelay.plus(timeout).plus(SHUTDOWN_MARGIN).toMillis());
		return new ServerShutdown(servers, udpServers, readinessDelay, timeout);
	}

	@Bean
	CompositeHealthContributor echoServersHealthContributor(TcpEchoServers servers, UdpEchoServers udpServers) {
		Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
		for (TcpEchoServer server : servers.all()) {
			indicators.put(server.name(), new TcpServerHealthIndicator(server.connectionFactory()));
		}
		List<UdpEchoServer> namesakes = new ArrayList<>();
		for (UdpEchoServer server : udpServers.all()) {
			if (indicators.putIfAbsent(server.name(), new UdpServerHealthIndicator(server.adapter())) != null) {
				namesakes.add(server);
			}
		}
		// These are added last, so that all other servers have their own names.
		for (UdpEchoServer server : namesakes) {
			String name = server.name() + "-udp";
			while (indicators.containsKey(name)) {
				name += "-udp";
			}
			indicators.put(name, new UdpServerHealthIndicator(server.adapter()));
		}
		return CompositeHealthContributor.fromMap(indicators);
	}

	@Bean
	ConnectionsEndpoint connectionsEndpoint(TcpEchoServers servers) {
		return new ConnectionsEndpoint(servers);
	}

}
