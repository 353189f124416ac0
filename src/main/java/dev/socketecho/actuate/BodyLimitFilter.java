package dev.socketecho.actuate;

import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.channel.AbortedException;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Limits the bodies of HTTP requests. One endpoint accepts long messages; every other
 * body is small. A long body is read whole before it is parsed, and then takes several
 * times its size of the heap. So only a few long bodies are read at a time, as many as
 * the heap has room for. The memory of all small bodies together is limited, too.
 * <p>
 * A body that is too long gets a 413, before it is read if its length is given; one too
 * many at a time gets a 429. If the connection ends during the body, that is not logged
 * as an error.
 */
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public final class BodyLimitFilter implements WebFilter {

	/** The longest body without a message, in bytes. */
	static final long SMALL = 16 * 1024;

	/**
	 * The longest body with a message, in bytes: 6 bytes of JSON for each byte of a
	 * message of 1 MB.
	 */
	static final long LARGE = 6 * 1024 * 1024 + SMALL;

	/**
	 * A body may have this part of the heap: its bytes, the text that a parser gathers
	 * from them, and the message take six times as much.
	 */
	private static final int HEAP_PART = 16;

	/** How much of the heap one long body takes, in bytes. */
	private static final long HEAP_OF_LARGE_BODY = 64 * 1024 * 1024;

	/**
	 * The least that a part of a body counts, in bytes: a peer may send single bytes, and
	 * each part has a buffer and objects.
	 */
	static final long PART = 2048;

	private static final int TOO_LONG = 413;

	private static final String TOO_MANY_DETAIL = "Other bodies are under way; try again.";

	private final String messages;

	private final long longest;

	private final Semaphore largeBodies;

	private final HeapShare smallBodies;

	/**
	 * Creates the limits.
	 * @param messages the path of the endpoint that accepts long messages
	 * @param maxHeap the heap's size, in bytes
	 */
	public BodyLimitFilter(String messages, long maxHeap) {
		this.messages = messages.endsWith("/") ? messages : messages + "/";
		this.longest = Math.min(LARGE, maxHeap / HEAP_PART);
		this.largeBodies = new Semaphore((int) Math.max(1, maxHeap / HEAP_OF_LARGE_BODY));
		this.smallBodies = new HeapShare(maxHeap);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		String path = request.getPath().pathWithinApplication().value();
		long limit = path.startsWith(this.messages) ? this.longest : SMALL;
		long length = request.getHeaders().getContentLength();
		if (length > limit) {
			return ProblemWriter.write(exchange, TOO_LONG, tooLongDetail(limit));
		}
		Body body = new Body(request, limit);
		if (length > SMALL && !body.takePermit()) {
			return ProblemWriter.write(exchange, HttpStatus.TOO_MANY_REQUESTS.value(), TOO_MANY_DETAIL);
		}
		return chain.filter(exchange.mutate().request(body).build()).doFinally((_) -> body.release());
	}

	private static ResponseStatusException tooLong(long limit) {
		return new ResponseStatusException(HttpStatusCode.valueOf(TOO_LONG), tooLongDetail(limit));
	}

	private static String tooLongDetail(long limit) {
		return "The body is too long (expected: at most %d bytes).".formatted(limit);
	}

	private static ResponseStatusException tooMany() {
		return new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS, TOO_MANY_DETAIL);
	}

	/**
	 * A request whose body is counted part by part.
	 */
	private final class Body extends ServerHttpRequestDecorator {

		private final long limit;

		private final AtomicLong received = new AtomicLong();

		private boolean permit;

		private long reserved;

		private boolean ended;

		Body(ServerHttpRequest request, long limit) {
			super(request);
			this.limit = limit;
		}

		@Override
		public Flux<DataBuffer> getBody() {
			return super.getBody().doOnNext(this::count)
				.onErrorMap((ex) -> ex instanceof AbortedException || ex instanceof IOException,
						(_) -> new ResponseStatusException(HttpStatus.BAD_REQUEST,
								"The connection ended before the body did."));
		}

		private void count(DataBuffer buffer) {
			int length = buffer.readableByteCount();
			long sum = this.received.addAndGet(length);
			if (sum > this.limit) {
				DataBufferUtils.release(buffer);
				throw tooLong(this.limit);
			}
			boolean room = (sum > SMALL) ? takePermit() : reserve(Math.max(PART, length));
			if (!room) {
				DataBufferUtils.release(buffer);
				throw tooMany();
			}
		}

		private synchronized boolean reserve(long bytes) {
			if (this.permit || this.ended) {
				return !this.ended;
			}
			if (!BodyLimitFilter.this.smallBodies.tryTake(bytes)) {
				return false;
			}
			this.reserved += bytes;
			return true;
		}

		synchronized boolean takePermit() {
			if (!this.permit && !this.ended) {
				this.permit = BodyLimitFilter.this.largeBodies.tryAcquire();
			}
			return this.permit;
		}

		synchronized void release() {
			this.ended = true;
			BodyLimitFilter.this.smallBodies.giveBack(this.reserved);
			this.reserved = 0;
			if (this.permit) {
				this.permit = false;
				BodyLimitFilter.this.largeBodies.release();
			}
		}

	}

}
