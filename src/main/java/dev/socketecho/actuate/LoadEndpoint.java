package dev.socketecho.actuate;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.load.LoadBusyException;
import dev.socketecho.load.LoadReport;
import dev.socketecho.load.LoadRuns;
import dev.socketecho.load.LoadSettings;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * {@code /actuator/load}: shows load runs, and stops them. {@link LoadMapping} starts
 * them, and lets a caller follow one.
 */
@WebEndpoint(id = "load")
public final class LoadEndpoint {

	private final LoadRuns runs;

	/**
	 * Creates an endpoint.
	 * @param runs the load runs
	 */
	public LoadEndpoint(LoadRuns runs) {
		this.runs = runs;
	}

	/**
	 * Lists the last run of each client that has had one.
	 * @return the runs, the latest first
	 */
	@ReadOperation
	public Mono<Runs> runs() {
		return Mono.fromFuture(this.runs::reports).map(Runs::new);
	}

	/**
	 * Shows the last run of a client.
	 * @param client the client's name
	 * @return how far it is, or what it has measured; or a 404 problem if there is no
	 * such client, or it has had no run
	 */
	@ReadOperation
	public Mono<LoadReport> run(@Selector String client) {
		requireKnown(client);
		CompletableFuture<LoadReport> report = this.runs.report(client);
		return (report != null) ? Mono.fromFuture(report) : Mono.error(new ResponseStatusException(HttpStatus.NOT_FOUND,
				"There was no load run with client '%s'.".formatted(client)));
	}

	/**
	 * Stops the run of a client, if there is one under way.
	 * @param client the client's name
	 * @return 204 when its connections are closed, or a 404 problem if there is no such
	 * client
	 */
	@DeleteOperation
	public Mono<WebEndpointResponse<Void>> stop(@Selector String client) {
		requireKnown(client);
		return Mono.fromFuture(() -> this.runs.stop(client))
			.thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
	}

	/**
	 * Starts a run.
	 * @return a first report; or a 404, 400 or 409 problem
	 */
	Mono<LoadReport> start(String client, LoadSettings settings) {
		requireKnown(client);
		// Not on an event loop: it starts threads.
		return Mono.defer(() -> {
			try {
				return Mono.justOrEmpty(this.runs.start(client, settings)).flatMap(Mono::fromFuture);
			}
			catch (IllegalArgumentException ex) {
				return Mono.error(new ResponseStatusException(HttpStatus.BAD_REQUEST, ex.getMessage()));
			}
			catch (LoadBusyException ex) {
				return Mono.error(new ResponseStatusException(HttpStatus.CONFLICT, ex.getMessage()));
			}
		}).subscribeOn(Schedulers.boundedElastic());
	}

	private void requireKnown(String client) {
		if (!this.runs.knows(client)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no echo client '%s'.".formatted(client));
		}
	}

	/**
	 * The answer.
	 *
	 * @param runs one by one
	 */
	public record Runs(List<LoadReport> runs) {
	}

}
