package dev.socketecho.actuate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;

import dev.socketecho.load.LoadReport;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.accept.HeaderContentTypeResolver;
import org.springframework.web.reactive.accept.RequestedContentTypeResolver;
import org.springframework.web.reactive.handler.AbstractHandlerMapping;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * {@code POST /actuator/load/{client}} starts a load run, and {@code GET} with
 * {@code Accept: text/event-stream} follows one: an event a second, until the run has
 * ended. It stands in front of {@link LoadEndpoint}: the write operations of Spring
 * Boot's endpoints pass over properties that they do not know, and its read operations
 * have one answer only.
 */
public final class LoadMapping extends AbstractHandlerMapping implements WebHandler {

	/** How many callers may follow runs at a time. */
	static final int MAX_FOLLOWERS = 50;

	private static final Duration PERIOD = Duration.ofSeconds(1);

	private static final JsonMapper json = JsonMapper.shared();

	/** Resolves what a caller accepts, the most preferred first. */
	private static final RequestedContentTypeResolver accepted = new HeaderContentTypeResolver();

	/** What read operations of Spring Boot's endpoints answer. */
	private static final List<MediaType> JSON_TYPES = EndpointMediaTypes.DEFAULT.getProduced()
		.stream()
		.map(MediaType::parseMediaType)
		.toList();

	private final @Nullable PathPattern path;

	private final boolean writable;

	private final LoadEndpoint endpoint;

	private final Semaphore followers = new Semaphore(MAX_FOLLOWERS);

	/**
	 * Creates a mapping.
	 * @param path the endpoint's path; {@code null} if it is not exposed
	 * @param writable whether the endpoint is open for writing
	 * @param endpoint the endpoint
	 */
	public LoadMapping(@Nullable String path, boolean writable, LoadEndpoint endpoint) {
		this.path = (path != null) ? PathPatternParser.defaultInstance.parse(path + "/{client}") : null;
		this.writable = writable;
		this.endpoint = endpoint;
		setOrder(Ordered.HIGHEST_PRECEDENCE);
	}

	@Override
	protected Mono<?> getHandlerInternal(ServerWebExchange exchange) {
		if (match(exchange) == null) {
			return Mono.empty();
		}
		if (isStart(exchange) || isFollowing(exchange)) {
			return Mono.just(this);
		}
		return this.writable ? AllowedMethods.check(exchange, HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE)
				: Mono.empty();
	}

	private PathPattern.@Nullable PathMatchInfo match(ServerWebExchange exchange) {
		return (this.path != null) ? this.path.matchAndExtract(exchange.getRequest().getPath().pathWithinApplication())
				: null;
	}

	private boolean isStart(ServerWebExchange exchange) {
		return this.writable && exchange.getRequest().getMethod().equals(HttpMethod.POST);
	}

	/**
	 * Whether the caller prefers events to JSON, which {@link LoadEndpoint} answers.
	 */
	private static boolean isFollowing(ServerWebExchange exchange) {
		if (!exchange.getRequest().getMethod().equals(HttpMethod.GET)) {
			return false;
		}
		try {
			return accepted.resolveMediaTypes(exchange)
				.stream()
				.filter((type) -> type.getQualityValue() > 0)
				.filter((type) -> MediaType.TEXT_EVENT_STREAM.equalsTypeAndSubtype(type)
						|| JSON_TYPES.stream().anyMatch(type::includes))
				.findFirst()
				.filter(MediaType.TEXT_EVENT_STREAM::equalsTypeAndSubtype)
				.isPresent();
		}
		catch (NotAcceptableStatusException ex) {
			return false;
		}
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange) {
		String client = Objects.requireNonNull(Objects.requireNonNull(match(exchange)).getUriVariables().get("client"));
		return Mono.defer(() -> isStart(exchange) ? start(exchange, client) : follow(exchange, client))
			.onErrorResume(ResponseStatusException.class, (ex) -> ProblemWriter.write(exchange,
					ex.getStatusCode().value(), Objects.requireNonNullElse(ex.getReason(), "")));
	}

	private Mono<Void> start(ServerWebExchange exchange, String client) {
		return JsonExchange.body(exchange)
			.flatMap((body) -> this.endpoint.start(client, LoadBody.parse(body)))
			.flatMap((report) -> JsonExchange.answer(exchange, HttpStatus.ACCEPTED, json.writeValueAsBytes(report)));
	}

	private Mono<Void> follow(ServerWebExchange exchange, String client) {
		return this.endpoint.run(client).flatMap((first) -> {
			if (!this.followers.tryAcquire()) {
				throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
						"%d callers follow load runs already.".formatted(MAX_FOLLOWERS));
			}
			ServerHttpResponse response = exchange.getResponse();
			response.getHeaders().setContentType(MediaType.TEXT_EVENT_STREAM);
			response.getHeaders().setCacheControl("no-store");
			return response
				.writeAndFlushWith(
						events(first, client).map((report) -> Flux.just(response.bufferFactory().wrap(event(report)))))
				.doFinally((_) -> this.followers.release());
		});
	}

	private Flux<LoadReport> events(LoadReport first, String client) {
		if (first.hasEnded()) {
			return Flux.just(first);
		}
		return Flux
			.concat(Mono.just(first),
					Flux.interval(PERIOD).onBackpressureDrop().concatMap((_) -> this.endpoint.run(client), 1))
			.takeUntil(LoadReport::hasEnded);
	}

	private static byte[] event(LoadReport report) {
		return ("data:" + json.writeValueAsString(report) + "\n\n").getBytes(StandardCharsets.UTF_8);
	}

}
