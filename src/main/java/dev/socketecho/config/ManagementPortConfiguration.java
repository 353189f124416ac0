package dev.socketecho.config;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextType;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Gives {@code management.server.port} what the service's HTTP port has: the limits of
 * connections, and the event loops. Spring Boot creates the server of that port without
 * them.
 * <p>
 * Spring Boot uses this class for the context of that port only; it finds it by
 * {@code META-INF/spring/*.imports}.
 */
@ManagementContextConfiguration(value = ManagementContextType.CHILD, proxyBeanMethods = false)
class ManagementPortConfiguration {

	@Bean
	static WebServerFactoryCustomizer<NettyReactiveWebServerFactory> sameAsHttpPort(
			ObjectProvider<NettyServerCustomizer> customizers, ObjectProvider<ReactorResourceFactory> resources) {
		return (factory) -> {
			customizers.orderedStream().forEach(factory::addServerCustomizers);
			factory.setResourceFactory(resources.getObject());
		};
	}

}
