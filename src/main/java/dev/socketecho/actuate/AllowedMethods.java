package dev.socketecho.actuate;

import java.util.List;

import reactor.core.publisher.Mono;

import org.springframework.http.HttpMethod;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;

/**
 * The methods of a path that a handler mapping of this package and an endpoint of Spring
 * Boot share. The answer 405 of the endpoint would list its own methods only.
 */
final class AllowedMethods {

	private AllowedMethods() {
	}

	/**
	 * Checks the method of a request that the handler mapping leaves to the endpoint.
	 * @param allowed the methods of both; with {@code GET}, the endpoint also answers
	 * {@code HEAD}, and always {@code OPTIONS}
	 * @return no handler, or a {@link MethodNotAllowedException}
	 */
	static Mono<Object> check(ServerWebExchange exchange, HttpMethod... allowed) {
		HttpMethod method = exchange.getRequest().getMethod();
		List<HttpMethod> methods = List.of(allowed);
		boolean answered = methods.contains(method.equals(HttpMethod.HEAD) ? HttpMethod.GET : method)
				|| method.equals(HttpMethod.OPTIONS);
		return answered ? Mono.empty() : Mono.error(new MethodNotAllowedException(method, methods));
	}

}
