package dev.socketecho.actuate;

import java.nio.charset.StandardCharsets;

import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * JSON in and out, for the mappings that stand in front of Spring Boot's endpoints.
 */
final class JsonExchange {

	private JsonExchange() {
	}

	/**
	 * Reads the body. {@link BodyLimitFilter} limits it.
	 * @return the bytes, none for no body
	 * @throws ResponseStatusException 415 if the request is not {@code application/json}
	 * in UTF-8
	 */
	static Mono<byte[]> body(ServerWebExchange exchange) {
		if (!isJson(exchange)) {
			throw new ResponseStatusException(HttpStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.");
		}
		return DataBufferUtils.join(exchange.getRequest().getBody())
			.map(JsonExchange::bytes)
			.defaultIfEmpty(new byte[0]);
	}

	private static boolean isJson(ServerWebExchange exchange) {
		try {
			MediaType type = exchange.getRequest().getHeaders().getContentType();
			return type != null && type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
					&& (type.getCharset() == null || StandardCharsets.UTF_8.equals(type.getCharset()));
		}
		catch (InvalidMediaTypeException ex) {
			return false;
		}
	}

	private static byte[] bytes(DataBuffer buffer) {
		byte[] bytes = new byte[buffer.readableByteCount()];
		buffer.read(bytes);
		DataBufferUtils.release(buffer);
		return bytes;
	}

	/**
	 * Writes an answer.
	 */
	static Mono<Void> answer(ServerWebExchange exchange, HttpStatus status, byte[] json) {
		ServerHttpResponse response = exchange.getResponse();
		response.setStatusCode(status);
		response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
		return response.writeWith(Mono.fromSupplier(() -> response.bufferFactory().wrap(json)));
	}

}
