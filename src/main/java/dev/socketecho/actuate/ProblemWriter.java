package dev.socketecho.actuate;

import java.util.LinkedHashMap;
import java.util.Map;

import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;

/**
 * Writes a problem (RFC 9457) as the answer of a filter. Filters run before Spring's own
 * error handling.
 */
final class ProblemWriter {

	private ProblemWriter() {
	}

	/**
	 * Writes the answer.
	 * @param status the HTTP status
	 * @param detail what is wrong with the request
	 */
	static Mono<Void> write(ServerWebExchange exchange, int status, String detail) {
		ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatusCode.valueOf(status), detail);
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("detail", detail);
		body.put("instance", exchange.getRequest().getPath().value());
		body.put("status", status);
		body.put("title", problem.getTitle());
		ServerHttpResponse response = exchange.getResponse();
		response.setRawStatusCode(status);
		response.getHeaders().setContentType(MediaType.APPLICATION_PROBLEM_JSON);
		return response.writeWith(
				Mono.fromSupplier(() -> response.bufferFactory().wrap(JsonMapper.shared().writeValueAsBytes(body))));
	}

}
