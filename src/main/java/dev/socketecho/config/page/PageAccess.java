package dev.socketecho.config.page;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.core.env.Environment;

/**
 * The endpoints that the page may call. Spring Boot leaves out the operations that the
 * operator has not opened. An endpoint on a management port is another origin, so the
 * page has none there.
 *
 * @param read paths to read from, relative to the page, by the id of the endpoint
 * @param write paths to write to
 */
record PageAccess(Map<String, String> read, Map<String, String> write) {

	private static final Set<String> USED = Set.of("connections", "echo", "faults", "load");

	static PageAccess of(WebEndpointsSupplier endpoints, String basePath, Environment environment) {
		Map<String, String> read = new TreeMap<>();
		Map<String, String> write = new TreeMap<>();
		if (ManagementPortType.get(environment) == ManagementPortType.SAME) {
			for (ExposableWebEndpoint endpoint : endpoints.getEndpoints()) {
				String id = endpoint.getEndpointId().toLowerCaseString();
				if (USED.contains(id)) {
					String path = (basePath + "/" + endpoint.getRootPath()).replaceFirst("^/+", "");
					add(endpoint, WebEndpointHttpMethod.GET, id, path, read);
					add(endpoint, WebEndpointHttpMethod.POST, id, path, write);
					add(endpoint, WebEndpointHttpMethod.DELETE, id, path, write);
				}
			}
		}
		return new PageAccess(Map.copyOf(read), Map.copyOf(write));
	}

	private static void add(ExposableWebEndpoint endpoint, WebEndpointHttpMethod method, String id, String path,
			Map<String, String> paths) {
		if (endpoint.getOperations()
			.stream()
			.anyMatch((operation) -> operation.getRequestPredicate().getHttpMethod() == method)) {
			paths.put(id, path);
		}
	}

}
