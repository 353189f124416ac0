package dev.socketecho.config;

import dev.socketecho.actuate.FaultsEndpoint;
import dev.socketecho.actuate.FaultsPostMapping;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.autoconfigure.web.ManagementContextConfiguration;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.context.annotation.Bean;
import org.springframework.validation.Validator;

/**
 * {@code POST /actuator/faults}, on the port of the endpoints.
 * <p>
 * Spring Boot uses this class for the context that has the endpoints: that of the
 * management port if there is one. It finds it by {@code META-INF/spring/*.imports}.
 */
@ManagementContextConfiguration(proxyBeanMethods = false)
class FaultsPostConfiguration {

	@Bean
	FaultsPostMapping faultsPostMapping(WebEndpointsSupplier endpoints, WebEndpointProperties properties,
			FaultsEndpoint endpoint, Validator defaultValidator) {
		String path = openPath(endpoints);
		return new FaultsPostMapping((path != null) ? properties.getBasePath() + "/" + path : null, endpoint,
				new FaultBinder(defaultValidator));
	}

	/**
	 * The endpoint's path below the base path, if it is exposed and open for writing:
	 * else Spring Boot leaves out the operations that write.
	 * @return the path, {@code null} if nobody may write
	 */
	static @Nullable String openPath(WebEndpointsSupplier endpoints) {
		return path(endpoints, "faults", WebEndpointHttpMethod.DELETE);
	}

	/**
	 * The path of an endpoint below the base path, if it has an operation with a method.
	 * @param id the endpoint's id
	 * @return the path, {@code null} if it has none
	 */
	static @Nullable String path(WebEndpointsSupplier endpoints, String id, WebEndpointHttpMethod method) {
		return endpoints.getEndpoints()
			.stream()
			.filter((endpoint) -> endpoint.getEndpointId().toLowerCaseString().equals(id))
			.filter((endpoint) -> endpoint.getOperations()
				.stream()
				.anyMatch((operation) -> operation.getRequestPredicate().getHttpMethod() == method))
			.map(PathMappedEndpoint::getRootPath)
			.findFirst()
			.orElse(null);
	}

}
