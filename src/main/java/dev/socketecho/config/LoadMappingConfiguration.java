package dev.socketecho.config;

import dev.socketecho.actuate.LoadEndpoint;
import dev.socketecho.actuate.LoadMapping;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.context.annotation.Bean;

/**
 * What stands in front of {@code /actuator/load}, on the port of the endpoints, as
 * {@link FaultsPostConfiguration} for faults.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
class LoadMappingConfiguration {

	@Bean
	LoadMapping loadMapping(WebEndpointsSupplier endpoints, WebEndpointProperties properties, LoadEndpoint endpoint) {
		String path = FaultsPostConfiguration.path(endpoints, "load", WebEndpointHttpMethod.GET);
		boolean writable = FaultsPostConfiguration.path(endpoints, "load", WebEndpointHttpMethod.DELETE) != null;
		return new LoadMapping((path != null) ? properties.getBasePath() + "/" + path : null, writable, endpoint);
	}

}
