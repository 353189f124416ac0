package dev.socketecho.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.socketecho.actuate.AllowedTargets;
import dev.socketecho.actuate.ConnectionsEndpoint;
import dev.socketecho.actuate.EchoEndpoint;
import dev.socketecho.actuate.EchoProbeHealthIndicator;
import dev.socketecho.actuate.ProbeHandler;
import dev.socketecho.actuate.TcpServerHealthIndicator;
import dev.socketecho.inbound.ServerShutdown;
import dev.socketecho.inbound.TcpEchoServer;
import dev.socketecho.inbound.TcpEchoServers;
import dev.socketecho.metrics.MicrometerClientRecorder;
import dev.socketecho.metrics.MicrometerProbeRecorder;
import dev.socketecho.metrics.MicrometerServerRecorder;
import dev.socketecho.outbound.EchoClient;
import dev.socketecho.outbound.EchoClients;
import dev.socketecho.outbound.EchoProbe;
import dev.socketecho.outbound.EchoProbes;
import dev.socketecho.outbound.TcpEchoClient;
import dev.socketecho.outbound.UdpEchoClient;
import dev.socketecho.transport.EventLoops;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.util.NettyRuntime;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.integration.config.IntegrationManagementConfigurer;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The beans of the service.
 */
@Configuration(proxyBeanMethods = false)
@Import(EchoClientRegistrar.class)
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
				"echo-io");
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
			IntegrationFlowContext flows) {
		List<TcpEchoServer> servers = properties.tcp()
			.servers()
			.entrySet()
			.stream()
			.filter((server) -> server.getValue().enabled())
			.map((server) -> TcpServerMapper.server(server.getKey(), server.getValue(), eventLoops,
					new MicrometerServerRecorder(registry, server.getKey(), "tcp")))
			.toList();
		return new TcpEchoServers(servers, flows);
	}

	@Bean
	EchoClients echoClients(EchoProperties properties, EventLoops eventLoops, MeterRegistry registry,
			IntegrationFlowContext flows) {
		List<EchoClient> clients = new ArrayList<>();
		properties.tcp()
			.clients()
			.forEach((name, client) -> clients.add(new TcpEchoClient(ClientMapper.tcp(name, client), eventLoops,
					new MicrometerClientRecorder(registry, name, "tcp"))));
		properties.udp()
			.clients()
			.forEach((name, client) -> clients.add(new UdpEchoClient(ClientMapper.udp(name, client), eventLoops,
					new MicrometerClientRecorder(registry, name, "udp"))));
		return new EchoClients(clients, flows);
	}

	@Bean
	EchoProbes echoProbes(EchoProperties properties, EchoClients clients, EventLoops eventLoops,
			MeterRegistry registry) {
		return new EchoProbes(properties.probes()
			.entrySet()
			.stream()
			.filter((probe) -> probe.getValue().enabled())
			.map((probe) -> new EchoProbe(ProbeMapper.settings(probe.getKey(), probe.getValue(), clients), eventLoops,
					new MicrometerProbeRecorder(registry, probe.getKey())))
			.toList());
	}

	@Bean
	CompositeHealthContributor echoProbesHealthContributor(EchoProbes probes) {
		Map<String, HealthIndicator> indicators = new LinkedHashMap<>();
		for (EchoProbe probe : probes.all()) {
			indicators.put(probe.settings().name(), new EchoProbeHealthIndicator(probe));
		}
		return CompositeHealthContributor.fromMap(indicators);
	}

	@Bean
	EchoEndpoint echoEndpoint(EchoClients clients) {
		return new EchoEndpoint(clients);
	}

	@Bean
	RouterFunction<ServerResponse> probeRoute(EchoProperties properties, EchoClients clients, EventLoops eventLoops) {
		AllowedTargets allowed = new AllowedTargets(properties.probeEndpoint().allowedTargets());
		return RouterFunctions.route().GET("/probe", new ProbeHandler(clients, eventLoops, allowed)).build();
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
