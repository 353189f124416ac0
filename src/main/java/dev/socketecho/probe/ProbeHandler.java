package dev.socketecho.probe;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.transport.address.HostSyntax;
import dev.socketecho.transport.address.TargetPattern;
import dev.socketecho.transport.loop.EventLoops;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ResponseStatusException;

/**
 * Answers {@code GET /probe}, Prometheus's multi-target pattern: each request is one
 * round of one target. The round has sockets of its own, which are closed when it ends or
 * the caller goes away.
 */
public final class ProbeHandler implements HandlerFunction<ServerResponse> {

	private static final String TIMEOUT_HEADER = "X-Prometheus-Scrape-Timeout-Seconds";

	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(2);

	/** The part of a scrape's time that is left for the answer. */
	private static final Duration MARGIN = Duration.ofMillis(500);

	private static final int PAYLOAD_SIZE = 64;

	/** How many probes may run at a time. */
	static final int MAX_CONCURRENT = 256;

	private final EchoClients clients;

	private final EventLoops eventLoops;

	private final List<TargetPattern> allowed;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * Creates a handler.
	 * @param clients the clients, whose names are modules and whose targets are allowed
	 * @param eventLoops the event loops of the probes' sockets
	 * @param allowed the other targets that are allowed
	 */
	public ProbeHandler(EchoClients clients, EventLoops eventLoops, List<TargetPattern> allowed) {
		this.clients = clients;
		this.eventLoops = eventLoops;
		this.allowed = List.copyOf(allowed);
	}

	@Override
	public Mono<ServerResponse> handle(ServerRequest request) {
		return Mono.defer(() -> probe(request))
			.onErrorResume(ResponseStatusException.class,
					(refusal) -> ServerResponse.status(refusal.getStatusCode())
						.contentType(MediaType.APPLICATION_PROBLEM_JSON)
						.bodyValue(refusal.getBody()));
	}

	private Mono<ServerResponse> probe(ServerRequest request) {
		Duration timeout = timeout(request.headers().firstHeader(TIMEOUT_HEADER));
		ProbeTarget target = target(request.queryParam("module").orElse(null),
				request.queryParam("target").orElse(null), timeout);
		if (this.running.incrementAndGet() > MAX_CONCURRENT) {
			this.running.decrementAndGet();
			return Mono.error(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE,
					"%d probes are under way already.".formatted(MAX_CONCURRENT)));
		}
		return Mono.using(() -> target.prober(this.eventLoops), (prober) -> round(prober, timeout), Prober::close)
			.doFinally((_) -> this.running.decrementAndGet())
			.publishOn(Schedulers.parallel())
			.flatMap((exposition) -> exposition.response(request.headers().firstHeader(HttpHeaders.ACCEPT)));
	}

	private static Mono<ProbeExposition> round(Prober prober, Duration timeout) {
		long start = System.nanoTime();
		CompletableFuture<ProbeResult> round = prober.round(1, timeout, PAYLOAD_SIZE, ProbeRecorder.none());
		return Mono.fromFuture(round, true)
			.map((result) -> new ProbeExposition(result, Duration.ofNanos(System.nanoTime() - start)));
	}

	private ProbeTarget target(@Nullable String module, @Nullable String target, Duration timeout) {
		if (module == null) {
			throw badRequest("module is missing (expected: tcp_echo, tcp_line, udp_echo or a client's name)");
		}
		EchoClient client = this.clients.byName(module);
		if (client != null && target == null) {
			return ProbeTarget.of(client);
		}
		if (target == null) {
			throw badRequest("target is missing (expected: host:port)");
		}
		HostPort hostPort = hostPort(target);
		String host = hostPort.host();
		int port = hostPort.port();
		ProbeTarget found = switch (module) {
			case String _ when client != null -> ProbeTarget.of(client).at(host, port);
			case "tcp_echo" -> ProbeTarget.tcp("probe", host, port, Framing.NONE, timeout);
			case "tcp_line" -> ProbeTarget.tcp("probe", host, port, Framing.LINE, timeout);
			case "udp_echo" -> ProbeTarget.udp("probe", host, port, timeout);
			default -> throw badRequest(
					"module: '%s' (expected: tcp_echo, tcp_line, udp_echo or a client's name)".formatted(module));
		};
		if (!isClients(host, port) && this.allowed.stream().noneMatch((pattern) -> pattern.matches(host))) {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN,
					"target: '%s' is not allowed by echo.probe-endpoint.allowed-targets".formatted(target));
		}
		return found;
	}

	private boolean isClients(String host, int port) {
		return this.clients.all()
			.stream()
			.anyMatch((client) -> client.port() == port
					&& client.host().toLowerCase(Locale.ROOT).equals(host.toLowerCase(Locale.ROOT)));
	}

	private static HostPort hostPort(String target) {
		int colon = target.lastIndexOf(':');
		String host = (colon > 0) ? target.substring(0, colon) : "";
		boolean bracketed = host.startsWith("[") && host.endsWith("]");
		if (bracketed) {
			host = host.substring(1, host.length() - 1);
		}
		String port = target.substring(colon + 1);
		boolean validPort = port.matches("[0-9]{1,5}") && Integer.parseInt(port) >= 1
				&& Integer.parseInt(port) <= 65_535;
		if (!validPort || bracketed != host.contains(":") || !HostSyntax.isValid(host)) {
			throw badRequest("target: '%s' (expected: host:port, [address]:port for IPv6)".formatted(target));
		}
		return new HostPort(host, Integer.parseInt(port));
	}

	/**
	 * The time of a round: a little less than the scraper waits.
	 */
	private static Duration timeout(@Nullable String header) {
		if (header == null) {
			return DEFAULT_TIMEOUT;
		}
		if (!header.matches("[0-9]{1,6}(\\.[0-9]{1,9})?") || Double.parseDouble(header) <= 0) {
			throw badRequest("%s: '%s' (expected: seconds)".formatted(TIMEOUT_HEADER, header));
		}
		Duration scrape = Duration.ofNanos((long) (Double.parseDouble(header) * 1e9));
		Duration timeout = (scrape.compareTo(MARGIN.multipliedBy(2)) > 0) ? scrape.minus(MARGIN) : scrape.dividedBy(2);
		return (timeout.compareTo(LONGEST_TIMEOUT) > 0) ? LONGEST_TIMEOUT : timeout;
	}

	private static ResponseStatusException badRequest(String detail) {
		return new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
	}

	private record HostPort(String host, int port) {
	}

}
