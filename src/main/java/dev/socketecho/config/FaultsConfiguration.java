package dev.socketecho.config;

import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import dev.socketecho.actuate.FaultsEndpoint;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.fault.ActiveFault;
import dev.socketecho.metrics.FaultMeters;
import dev.socketecho.server.EchoServer;
import dev.socketecho.server.EchoServers;
import dev.socketecho.server.ServerFaults;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.server.UdpEchoServer;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;

/**
 * The faults of the servers: those of the configuration, with their meters, and the
 * endpoint that lists and removes them.
 */
@Configuration(proxyBeanMethods = false)
class FaultsConfiguration {

	/**
	 * Sets the faults of the configuration. All beans are there before the first server
	 * listens.
	 */
	@Bean
	ServerFaults serverFaults(EchoServers servers, EchoProperties properties, MeterRegistry registry) {
		Map<EchoServer, FaultMeters<ActiveFault>> meters = new IdentityHashMap<>();
		for (EchoServer server : servers.all()) {
			meters.put(server, new FaultMeters<>(registry, server.name(), server.transport(), ActiveFault::injected));
		}
		ServerFaults faults = new ServerFaults((server, set) -> meters.get(server)
			.set(set.all().stream().collect(Collectors.toMap((active) -> active.fault().name(), Function.identity()))));
		for (TcpEchoServer server : servers.tcp()) {
			faults.configure(server,
					FaultMapper.settings(properties.tcp().servers().get(server.name()).faults(), false));
		}
		for (UdpEchoServer server : servers.udp()) {
			faults.configure(server,
					FaultMapper.settings(properties.udp().servers().get(server.name()).faults(), true));
		}
		return faults;
	}

	@Bean
	FaultsEndpoint faultsEndpoint(EchoServers servers, ServerFaults faults) {
		return new FaultsEndpoint(servers, faults);
	}

	/**
	 * Tells {@link FaultsEndpoint} whose request it answers. An operation of an endpoint
	 * has no argument for that.
	 */
	@Bean
	ServerWebExchangeContextFilter serverWebExchangeContextFilter() {
		return new ServerWebExchangeContextFilter();
	}

	/**
	 * Once all servers have started, warns of their faults.
	 */
	@Bean
	ApplicationRunner faultsReport(ServerFaults faults, EchoServers servers, WebEndpointsSupplier endpoints,
			Environment environment) {
		return (_) -> faults.warnAtStart(servers,
				(FaultsPostConfiguration.openPath(endpoints) != null) ? opening(environment) : null);
	}

	/**
	 * The property that opened the endpoint for writing.
	 */
	private static String opening(Environment environment) {
		String own = "management.endpoint.faults.access";
		String property = environment.containsProperty(own) ? own : "management.endpoints.access.default";
		return property + "=" + environment.getProperty(property, "unrestricted").toLowerCase(Locale.ROOT);
	}

}
