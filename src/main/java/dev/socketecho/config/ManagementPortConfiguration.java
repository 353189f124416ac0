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
 * Gives a management port of its own what the service's HTTP port has: the bounds of its
 * connections, and the event loops. Spring Boot makes the factory of that port by itself,
 * without them.
 * <p>
 * Read by Spring Boot for the context of that port only.
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
