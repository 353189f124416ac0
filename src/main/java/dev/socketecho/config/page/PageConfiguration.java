package dev.socketecho.config.page;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import dev.socketecho.actuate.EchoEndpoint;
import dev.socketecho.actuate.EchoProbeHealthIndicator;
import dev.socketecho.actuate.EchoServerHealthIndicator;
import dev.socketecho.actuate.FaultsEndpoint;
import dev.socketecho.actuate.LoadEndpoint;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.probe.EchoProbes;
import dev.socketecho.server.EchoServer;
import dev.socketecho.server.EchoServers;
import dev.socketecho.web.ClientsSection;
import dev.socketecho.web.FailureLog;
import dev.socketecho.web.LoadReader;
import dev.socketecho.web.PageHandler;
import dev.socketecho.web.ProbesSection;
import dev.socketecho.web.ServersSection;
import dev.socketecho.web.StatusReport;
import dev.socketecho.web.StatusStream;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * The status page. With {@code echo.web.enabled: false} nothing of it is there: no
 * history, no thread, and its paths are not found.
 */
@Configuration(proxyBeanMethods = false)
public class PageConfiguration {

	@Bean
	Recorders recorders(MeterRegistry registry, ObjectProvider<FailureLog> failures) {
		return new Recorders(registry, failures.getIfAvailable());
	}

	/**
	 * The page's paths, also where there is no page: Spring Boot would serve the files.
	 */
	@Bean
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	RouterFunction<ServerResponse> pageRoutes(ObjectProvider<StatusStream> stream) {
		return PageHandler.routes(stream.getIfAvailable());
	}

	/**
	 * What the page shows.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	@ConditionalOnBooleanProperty(name = "echo.web.enabled", matchIfMissing = true)
	static class Content {

		@Bean
		FailureLog failureLog() {
			return new FailureLog();
		}

		@Bean
		ServersSection serversSection(EchoServers servers, EchoProperties properties, Recorders recorders,
				FaultsEndpoint faults) {
			List<ServersSection.Server> shown = servers.all()
				.stream()
				.map((server) -> new ServersSection.Server(server.transport(), server.name(), facts(server, properties),
						new EchoServerHealthIndicator(server), recorders.ofServer(server.transport(), server.name())))
				.toList();
			return new ServersSection(shown, faults);
		}

		private static Map<String, Object> facts(EchoServer server, EchoProperties properties) {
			if (server.transport().equals("udp")) {
				UdpServerProperties udp = Objects.requireNonNull(properties.udp().servers().get(server.name()));
				return Map.of("mode", tag(udp.mode()), "logged", udp.logPayload());
			}
			TcpServerProperties tcp = Objects.requireNonNull(properties.tcp().servers().get(server.name()));
			Map<String, Object> facts = new LinkedHashMap<>();
			facts.put("mode", tag(tcp.mode()));
			facts.put("framing", tag(tcp.framing()));
			facts.put("tls", tcp.ssl() != null);
			facts.put("clientAuth", (tcp.ssl() != null) ? tag(tcp.ssl().clientAuth()) : "none");
			facts.put("maxConnections", tcp.maxConnections());
			facts.put("closeAfterReply", tcp.closeAfterReply());
			facts.put("logged", tcp.logPayload());
			facts.put("proxyProtocol", tcp.proxyProtocol());
			if (tcp.delimiter() != null) {
				facts.put("delimiter", tcp.delimiter());
			}
			return facts;
		}

		private static String tag(Enum<?> value) {
			return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
		}

		@Bean
		StatusStream statusStream(ServersSection servers, EchoProbes probes, EchoEndpoint clients, Recorders recorders,
				FailureLog failures, PageAccess access, ApplicationContext context, EchoProperties properties,
				LoadEndpoint load, ObjectProvider<BuildProperties> build) {
			ProbesSection probesSection = new ProbesSection(probes.all()
				.stream()
				.map((probe) -> new ProbesSection.Probe(probe.settings().name(), new EchoProbeHealthIndicator(probe),
						recorders.ofProbe(probe.settings().name())))
				.toList());
			Map<String, Object> service = new LinkedHashMap<>();
			service.put("started", context.getStartupDate());
			service.put("identity", properties.identity());
			service.put("read", access.read());
			service.put("write", access.write());
			BuildProperties built = build.getIfAvailable();
			if (built != null && built.getVersion() != null) {
				service.put("version", built.getVersion());
			}
			return new StatusStream(new StatusReport(service,
					List.of(servers, probesSection, new ClientsSection(clients, recorders::ofClient)), failures,
					new LoadReader(load)));
		}

		@Bean
		PageAccess pageAccess(WebEndpointsSupplier endpoints, WebEndpointProperties properties,
				ApplicationContext context) {
			return PageAccess.of(endpoints, properties.getBasePath(), context.getEnvironment());
		}

	}

}
