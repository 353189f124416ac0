package dev.socketecho.web;

import java.util.Objects;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.reactive.function.server.RequestPredicate;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;

/**
 * {@code GET /} and what the page loads: its files, and {@code GET /page/events}, the
 * stream of what it shows. Only files of this service may run or be shown, and no other
 * page may embed it.
 */
public final class PageHandler {

	/** Where the stream is. */
	static final String EVENTS = "/page/events";

	private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
			+ "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

	private final PageFiles files = new PageFiles();

	private final StatusStream stream;

	private PageHandler(StatusStream stream) {
		this.stream = stream;
	}

	/**
	 * Creates the routes of the page.
	 * @param stream what the page shows; {@code null} if the page is switched off, and
	 * its paths are then not found
	 * @return the routes
	 */
	public static RouterFunction<ServerResponse> routes(@Nullable StatusStream stream) {
		RequestPredicate file = (request) -> isRead(request) && PageFiles.has(path(request));
		RequestPredicate events = (request) -> request.method().equals(HttpMethod.GET) && path(request).equals(EVENTS);
		if (stream == null) {
			// Spring Boot would serve the files by itself.
			return RouterFunctions.route(file, (_) -> ServerResponse.notFound().build());
		}
		PageHandler handler = new PageHandler(stream);
		return RouterFunctions.route(file, handler::file).andRoute(events, handler::events);
	}

	private static boolean isRead(ServerRequest request) {
		return request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
	}

	private static String path(ServerRequest request) {
		return request.requestPath().pathWithinApplication().value();
	}

	private Mono<ServerResponse> file(ServerRequest request) {
		PageFiles.PageFile file = Objects.requireNonNull(this.files.find(path(request)));
		Mono<ServerResponse> whole = ServerResponse.ok()
			.contentType(file.type())
			.headers(security())
			.cacheControl(CacheControl.noCache())
			.eTag(file.etag())
			.bodyValue(file.bytes());
		return request.checkNotModified(file.etag()).switchIfEmpty(whole);
	}

	private Mono<ServerResponse> events(ServerRequest request) {
		Flux<byte[]> events = this.stream.watch();
		if (events == null) {
			return ServerResponse.status(HttpStatus.SERVICE_UNAVAILABLE)
				.headers(security())
				.contentType(MediaType.TEXT_PLAIN)
				.bodyValue("Too many viewers, or the service ends.");
		}
		return ServerResponse.ok()
			.contentType(MediaType.TEXT_EVENT_STREAM)
			.headers(security())
			.header("X-Accel-Buffering", "no")
			.cacheControl(CacheControl.noStore())
			.body((response, _) -> write(response, events));
	}

	private static Mono<Void> write(ServerHttpResponse response, Flux<byte[]> events) {
		return response
			.writeAndFlushWith(events.map((event) -> Mono.fromSupplier(() -> response.bufferFactory().wrap(event))));
	}

	private static Consumer<HttpHeaders> security() {
		return (headers) -> {
			headers.set("Content-Security-Policy", POLICY);
			headers.set("X-Content-Type-Options", "nosniff");
			headers.set("Referrer-Policy", "no-referrer");
			headers.set("Cross-Origin-Resource-Policy", "same-origin");
		};
	}

}
