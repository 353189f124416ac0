package dev.socketecho.actuate;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Limits the memory of all answers that callers have not read yet. A caller that does not
 * read keeps its answer in memory until its connection is closed. If an answer would
 * exceed the limit, the caller gets a 503 instead. Short answers, and answers that are
 * made piece by piece while the caller reads, do not count: the limit on connections
 * limits them.
 * <p>
 * An answer counts until its connection is closed. Each answer ends its connection, and
 * Reactor Netty reports an answer as written too early.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
public final class AnswerLimitFilter implements WebFilter {

	/** The longest short answer, in bytes. Health, which probes ask for, is short. */
	private static final int SHORT = 16 * 1024;

	private final HeapShare share;

	/**
	 * Creates the limits.
	 * @param maxHeap the heap's size, in bytes; the memory outside has the same limit
	 */
	public AnswerLimitFilter(long maxHeap) {
		this.share = new HeapShare(maxHeap);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		return chain.filter(exchange.mutate().response(new Answer(exchange)).build());
	}

	/**
	 * An answer that is counted until the caller has taken it.
	 */
	private final class Answer extends ServerHttpResponseDecorator {

		private final ServerWebExchange exchange;

		Answer(ServerWebExchange exchange) {
			super(exchange.getResponse());
			this.exchange = exchange;
		}

		@Override
		public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
			return (body instanceof Mono<? extends DataBuffer> whole) ? whole.flatMap(this::write)
					: super.writeWith(body);
		}

		private Mono<Void> write(DataBuffer buffer) {
			int length = buffer.readableByteCount();
			if (length <= SHORT) {
				return super.writeWith(Mono.just(buffer));
			}
			if (!AnswerLimitFilter.this.share.tryTake(length)) {
				DataBufferUtils.release(buffer);
				ServerHttpResponse response = getDelegate();
				response.getHeaders().remove(HttpHeaders.CONTENT_LENGTH);
				return ProblemWriter.write(this.exchange, HttpStatus.SERVICE_UNAVAILABLE.value(),
						"Other answers are under way; try again.");
			}
			HttpServerResponse answer = getNativeResponse(getDelegate());
			answer.withConnection((connection) -> connection.channel()
				.closeFuture()
				.addListener((_) -> AnswerLimitFilter.this.share.giveBack(length)));
			return super.writeWith(Mono.just(buffer));
		}

	}

}
