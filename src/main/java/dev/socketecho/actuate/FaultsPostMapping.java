package dev.socketecho.actuate;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.socketecho.server.EchoServer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * {@code POST /actuator/faults/{transport}/{server}}: replaces the faults of a server. It
 * stands in front of {@link FaultsEndpoint}, as the write operations of Spring Boot's
 * endpoints accept flat bodies only.
 */
public final class FaultsPostMapping extends AbstractHandlerMapping implements WebHandler {

	private static final String FAULTS = "faults";

	private static final JsonMapper json = JsonMapper.builder()
		.enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
		.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
		.build();

	private final @Nullable PathPattern path;

	private final FaultsEndpoint endpoint;

	private final FaultParser parser;

	/**
	 * Creates a mapping.
	 * @param path the endpoint's path; {@code null} if it is not open for writing
	 * @param endpoint the endpoint
	 * @param parser makes faults of the body
	 */
	public FaultsPostMapping(@Nullable String path, FaultsEndpoint endpoint, FaultParser parser) {
		this.path = (path != null) ? PathPatternParser.defaultInstance.parse(path + "/{transport}/{server}") : null;
		this.endpoint = endpoint;
		this.parser = parser;
		setOrder(Ordered.HIGHEST_PRECEDENCE);
	}

	@Override
	protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
		if (match(exchange) == null) {
			return Mono.empty();
		}
		return exchange.getRequest().getMethod().equals(HttpMethod.POST) ? Mono.just(this)
				: AllowedMethods.check(exchange, HttpMethod.POST, HttpMethod.DELETE);
	}

	private PathPattern.@Nullable PathMatchInfo match(ServerWebExchange exchange) {
		return (this.path != null) ? this.path.matchAndExtract(exchange.getRequest().getPath().pathWithinApplication())
				: null;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		return Mono.defer(() -> replace(exchange))
			.onErrorResume(ResponseStatusException.class, (ex) -> ProblemWriter.write(exchange,
					ex.getStatusCode().value(), Objects.requireNonNullElse(ex.getReason(), "")));
	}

	private Mono<Void> replace(ServerWebExchange exchange) {
		Map<String, String> variables = Objects.requireNonNull(match(exchange)).getUriVariables();
		EchoServer server = this.endpoint.find(Objects.requireNonNull(variables.get("transport")),
				Objects.requireNonNull(variables.get("server")));
		return JsonExchange.body(exchange)
			.publishOn(Schedulers.boundedElastic())
			.map((body) -> this.parser.parse(server, faults(body)))
			.flatMap((faults) -> this.endpoint.set(List.of(server), faults, FaultsEndpoint.caller(exchange)))
			.then(Mono.defer(() -> answer(exchange, server)));
	}

	private static Map<String, Object> faults(byte[] body) {
		try {
			if (json.readValue(body, Object.class) instanceof Map<?, ?> object
					&& object.keySet().equals(Map.of(FAULTS, "").keySet())
					&& object.get(FAULTS) instanceof Map<?, ?> faults) {
				return json.convertValue(faults,
						json.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
			}
		}
		catch (JacksonException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST,
					"The body is not JSON: %s".formatted(ex.getOriginalMessage()), ex);
		}
		throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "The body must be {\"faults\": {\"name\": {...}}}.");
	}

	private Mono<Void> answer(ServerWebExchange exchange, EchoServer server) {
		return JsonExchange.answer(exchange, HttpStatus.OK,
				json.writeValueAsBytes(this.endpoint.list(List.of(server))));
	}

}
