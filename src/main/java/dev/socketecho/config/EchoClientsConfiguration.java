package dev.socketecho.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.socketecho.actuate.EchoEndpoint;
import dev.socketecho.actuate.EchoProbeHealthIndicator;
import dev.socketecho.actuate.LoadEndpoint;
import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.client.UdpEchoClient;
import dev.socketecho.config.page.Recorders;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.config.properties.ProbeProperties;
import dev.socketecho.load.LoadLimits;
import dev.socketecho.load.LoadRuns;
import dev.socketecho.metrics.MicrometerLoadRecorder;
import dev.socketecho.probe.EchoProbe;
import dev.socketecho.probe.EchoProbes;
import dev.socketecho.probe.ProbeHandler;
import dev.socketecho.transport.loop.EventLoops;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The clients, probes and load runs, with their health and HTTP endpoints.
 */
@Configuration(proxyBeanMethods = false)
class EchoClientsConfiguration {

	@Bean
	static EchoClientRegistrar echoClientRegistrar(Environment environment, BeanFactory beanFactory) {
		return new EchoClientRegistrar(environment, beanFactory);
	}

	@Bean
	EchoClients echoClients(EchoProperties properties, EventLoops eventLoops, Recorders recorders,
			IntegrationFlowContext flows, SslBundles sslBundles) {
		TlsBundles bundles = new TlsBundles(sslBundles);
		List<EchoClient> clients = new ArrayList<>();
		properties.tcp()
			.clients()
			.forEach((name, client) -> clients.add(new TcpEchoClient(ClientMapper.tcp(name, client, bundles),
					eventLoops, recorders.client(name, "tcp"))));
		properties.udp()
			.clients()
			.forEach((name, client) -> clients
				.add(new UdpEchoClient(ClientMapper.udp(name, client), eventLoops, recorders.client(name, "udp"))));
		return new EchoClients(clients, flows);
	}

	@Bean
	EchoProbes echoProbes(EchoProperties properties, EchoClients clients, EventLoops eventLoops, Recorders recorders) {
		return new EchoProbes(
				properties.probes().entrySet().stream().filter((probe) -> probe.getValue().enabled()).map((probe) -> {
					EchoProbe.Settings settings = ProbeMapper.settings(probe.getKey(), probe.getValue(), clients);
					boolean stamp = probe.getValue().protocol() == ProbeProperties.Protocol.STAMP;
					return new EchoProbe(settings, eventLoops,
							recorders.probe(settings.name(), settings.target().transport(), settings.count(), stamp));
				}).toList());
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
		return new EchoEndpoint(clients, Runtime.getRuntime().maxMemory());
	}

	@Bean
	LoadRuns loadRuns(EchoProperties properties, EchoClients clients, EventLoops eventLoops, MeterRegistry registry) {
		EchoProperties.Load load = properties.load();
		LoadLimits limits = new LoadLimits(load.maxDuration(), load.maxConnections(), load.maxRate(),
				load.maxOutstanding(), load.maxOutstandingBytes().toBytes());
		return new LoadRuns(clients, limits, eventLoops.type(),
				(client) -> new MicrometerLoadRecorder(registry, client));
	}

	@Bean
	LoadEndpoint loadEndpoint(LoadRuns runs) {
		return new LoadEndpoint(runs);
	}

	@Bean
	RouterFunction<ServerResponse> probeRoute(EchoProperties properties, EchoClients clients, EventLoops eventLoops) {
		return RouterFunctions.route()
			.GET("/probe", new ProbeHandler(clients, eventLoops, properties.probeEndpoint().allowedTargets()))
			.build();
	}

}
