package dev.socketecho.config;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import dev.socketecho.actuate.ConnectionsEndpoint;
import dev.socketecho.actuate.TcpServerHealthIndicator;
import dev.socketecho.inbound.ServerShutdown;
import dev.socketecho.inbound.TcpEchoServer;
import dev.socketecho.inbound.TcpEchoServers;
import dev.socketecho.metrics.MicrometerServerRecorder;
import dev.socketecho.metrics.TlsCertificateMeters;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.EventLoops;
import dev.socketecho.transport.InheritedSockets;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NettyRuntime;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.integration.config.IntegrationManagementConfigurer;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * The beans of the service.
 */
@Configuration(proxyBeanMethods = false)
class EchoConfiguration {

	/**
	 * What the shutdown of the servers may take beyond its own limits before Spring goes
	 * on without it.
	 */
	private static final Duration SHUTDOWN_MARGIN = Duration.ofSeconds(5);

	/**
	 * Scrapes and probes are rare and short; endpoints that wait do so on other threads.
	 */
	private static final int HTTP_EVENT_LOOPS = 2;

	/**
	 * Spring Integration's management without its timers: two clock readings and a
	 * histogram for each channel and handler that a message passes cost more than an
	 * echo, and the servers' own recorders count. Its debug logging is off likewise.
	 */
	@Bean(name = IntegrationManagementConfigurer.MANAGEMENT_CONFIGURER_NAME)
	static IntegrationManagementConfigurer integrationManagementConfigurer() {
		IntegrationManagementConfigurer configurer = new IntegrationManagementConfigurer();
		configurer.setDefaultLoggingEnabled(false);
		return configurer;
	}

	@Primary
	@Bean
	EventLoops eventLoops(EchoProperties properties) {
		Integer threads = properties.eventLoops();
		return new EventLoops(properties.transport(), (threads != null) ? threads : NettyRuntime.availableProcessors(),
				"echo-io", InheritedSockets.of(System.getenv(), ProcessHandle.current().pid()));
	}

	/**
	 * HTTP has event loops of its own, so that a flood of echoes leaves it responsive. By
	 * itself Reactor Netty would take io_uring wherever it loads; it follows
	 * {@code echo.transport} instead.
	 */
	@Bean
	EventLoops httpEventLoops(EchoProperties properties) {
		return new EventLoops(properties.transport(), HTTP_EVENT_LOOPS, "echo-http");
	}

	@Bean
	ReactorResourceFactory reactorResourceFactory(@Qualifier("httpEventLoops") EventLoops eventLoops) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setLoopResources((_) -> eventLoops.group());
		return factory;
	}

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

	@Bean
	ServerShutdown serverShutdown(TcpEchoServers servers, EchoProperties properties, LifecycleProperties lifecycle,
			DefaultLifecycleProcessor lifecycleProcessor) {
		Duration readinessDelay = properties.shutdown().readinessDelay();
		Duration timeout = lifecycle.getTimeoutPerShutdownPhase();
		lifecycleProcessor.setTimeoutForShutdownPhase(ServerShutdown.PHASE,
				readinessDelay.plus(timeout).plus(SHUTDOWN_MARGIN).toMillis());
		return new ServerShutdown(servers, readinessDelay, timeout);
	}

	@Bean
	CompositeHealthContributor echoServersHealthContributor(TcpEchoServers servers) {
		Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
		for (TcpEchoServer server : servers.all()) {
			indicators.put(server.name(), new TcpServerHealthIndicator(server.connectionFactory()));
		}
		return CompositeHealthContributor.fromMap(indicators);
	}

	@Bean
	ConnectionsEndpoint connectionsEndpoint(TcpEchoServers servers) {
		return new ConnectionsEndpoint(servers);
	}

}
