package dev.socketecho.config;

import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.config.properties.TcpServerProperties;
import dev.socketecho.config.properties.UdpServerProperties;
import dev.socketecho.metrics.EventLoopMeters;
import dev.socketecho.metrics.SteadyClock;
import dev.socketecho.transport.loop.EventLoopThreads;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.InheritedSockets;
import io.micrometer.core.instrument.Clock;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.integration.config.IntegrationManagementConfigurer;

/**
 * What servers and clients share: event loops, the clock of the meters, Spring
 * Integration's management, and what the actuator does not show.
 */
@Configuration(proxyBeanMethods = false)
class EchoConfiguration {

	/**
	 * HTTP requests are rare and short, and endpoints that block use other threads.
	 */
	private static final int HTTP_EVENT_LOOPS = 2;

	/**
	 * Spring Integration's management without its timers and debug logging. A timer reads
	 * the clock twice and updates a histogram for each channel and handler that a message
	 * passes, which costs more than an echo; the servers' own recorders count instead.
	 */
	@Bean(name = IntegrationManagementConfigurer.MANAGEMENT_CONFIGURER_NAME)
	static IntegrationManagementConfigurer integrationManagementConfigurer() {
		IntegrationManagementConfigurer configurer = new IntegrationManagementConfigurer();
		configurer.setDefaultLoggingEnabled(false);
		return configurer;
	}

	@Bean
	static SanitizingFunction secretsSanitizer() {
		return Secrets.sanitizer();
	}

	@Bean
	EventLoops eventLoops(EchoProperties properties) {
		Integer threads = properties.eventLoops();
		InheritedSockets inherited = InheritedSockets.of(System.getenv(), ProcessHandle.current().pid());
		EventLoops eventLoops = (threads == null)
				? EventLoops.ofAvailableProcessors(properties.transport(), "echo-io", inherited)
				: new EventLoops(properties.transport(), threads, "echo-io", inherited);
		inherited.check(names(properties.tcp().servers(), TcpServerProperties::enabled),
				names(properties.udp().servers(), UdpServerProperties::enabled));
		return eventLoops;
	}

	private static <T> Set<String> names(Map<String, T> servers, Predicate<T> enabled) {
		return servers.keySet().stream().filter((name) -> enabled.test(servers.get(name))).collect(Collectors.toSet());
	}

	/**
	 * Once all servers have started, logs which of the sockets that were handed over no
	 * server uses.
	 */
	@Bean
	ApplicationRunner unusedSocketsReport(EventLoops eventLoops) {
		return (_) -> eventLoops.inheritedSockets().warnOfUnused();
	}

	/**
	 * Replaces Spring Boot's clock, which is the wall clock and may be set.
	 */
	@Bean
	Clock meterClock() {
		return new SteadyClock();
	}

	@Bean
	EventLoopMeters eventLoopMeters(EventLoops eventLoops) {
		return new EventLoopMeters(eventLoops.group());
	}

	/**
	 * HTTP has event loops of its own, so that it answers while the servers are flooded.
	 * They use {@code echo.transport}; Reactor Netty's own would use io_uring wherever it
	 * loads.
	 */
	@Bean
	EventLoopThreads httpEventLoops(EchoProperties properties) {
		return new EventLoopThreads(properties.transport(), HTTP_EVENT_LOOPS, "echo-http");
	}

	@Bean
	ReactorResourceFactory reactorResourceFactory(EventLoopThreads httpEventLoops) {
		ReactorResourceFactory factory = new ReactorResourceFactory();
		factory.setUseGlobalResources(false);
		factory.setLoopResources((_) -> httpEventLoops.group());
		return factory;
	}

}
