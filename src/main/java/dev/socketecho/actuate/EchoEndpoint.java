package dev.socketecho.actuate;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Semaphore;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * {@code /actuator/echo}: lists the echo clients, and sends messages with one.
 */
@WebEndpoint(id = "echo")
public final class EchoEndpoint {

	private static final int MAX_BYTES = 1024 * 1024;

	private static final int MAX_COUNT = 1000;

	/** How many calls may run at a time. */
	static final int MAX_RUNS = 64;

	private final EchoClients clients;

	private final Semaphore places = new Semaphore(MAX_RUNS);

	private final HeapShare heap;

	/**
	 * Creates an endpoint.
	 * @param clients the clients
	 * @param maxHeap the heap's size, in bytes
	 */
	public EchoEndpoint(EchoClients clients, long maxHeap) {
		this.clients = clients;
		this.heap = new HeapShare(maxHeap);
	}

	/**
	 * Lists the clients.
	 * @return the clients
	 */
	@ReadOperation
	public Clients clients() {
		return new Clients(this.clients.all().stream().map(Client::of).toList());
	}

	/**
	 * Sends messages, each after the reply to the one before, for 30 seconds at most.
	 * @param client the client's name
	 * @param message the message, instead of {@code payloadSize}; up to 1 MB as UTF-8
	 * @param payloadSize how long generated messages are, in bytes; up to 1 MB
	 * @param count how many messages, 1 to 1000; 1 by default
	 * @return the report; or a 400, 404 or, with too many calls under way, 429 problem
	 */
	@WriteOperation
	public Mono<EchoRun.Report> send(@Selector String client, @Nullable String message, @Nullable Integer payloadSize,
			@Nullable Integer count) {
		EchoClient found = this.clients.byName(client);
		if (found == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no echo client '%s'.".formatted(client));
		}
		int messages = (count != null) ? count : 1;
		require(messages >= 1 && messages <= MAX_COUNT, "count: %d (expected: 1 to %d)".formatted(messages, MAX_COUNT));
		require((message != null) != (payloadSize != null), "Give either message or payloadSize.");
		byte[] text = (message != null) ? message.getBytes(StandardCharsets.UTF_8) : null;
		int size = (text != null) ? text.length : (payloadSize != null) ? payloadSize : 0;
		require(size >= 0 && size <= MAX_BYTES, "%s: %d bytes (expected: 0 to %d)"
			.formatted((text != null) ? "message" : "payloadSize", size, MAX_BYTES));
		if (!this.places.tryAcquire()) {
			throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
					"%d calls are under way already.".formatted(MAX_RUNS));
		}
		long bytes = EchoRun.heapOf(size, messages, text != null);
		if (!this.heap.tryTake(bytes)) {
			this.places.release();
			throw new ResponseStatusException(HttpStatus.TOO_MANY_REQUESTS,
					"Calls with other messages are under way; try again.");
		}
		EchoRun run = new EchoRun(found, text, size, messages);
		return Mono.fromFuture(run::start).doFinally((_) -> {
			this.places.release();
			this.heap.giveBack(bytes);
		});
	}

	private static void require(boolean valid, String detail) {
		if (!valid) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, detail);
		}
	}

	/**
	 * The clients.
	 *
	 * @param clients one by one
	 */
	public record Clients(List<Client> clients) {
	}

	/**
	 * A client.
	 *
	 * @param name its name
	 * @param transport {@code tcp} or {@code udp}
	 * @param host the host that it sends to
	 * @param port the port that it sends to
	 */
	public record Client(String name, String transport, String host, int port) {

		static Client of(EchoClient client) {
			return new Client(client.name(), client.transport(), client.host(), client.port());
		}

	}

}
