package dev.socketecho.web;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import dev.socketecho.actuate.LoadEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Reads the load runs. A run is asked on its own threads, which may be busy: if it does
 * not answer in time, what it said before is shown for another second. Used on the thread
 * of the page.
 */
public final class LoadReader implements Supplier<@Nullable Object> {

	private static final long TIMEOUT_MILLIS = 500;

	private final LoadEndpoint endpoint;

	private LoadEndpoint.@Nullable Runs last;

	/**
	 * Creates a reader.
	 * @param endpoint lists the runs
	 */
	public LoadReader(LoadEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	@Override
	public @Nullable Object get() {
		try {
			this.last = this.endpoint.runs().toFuture().get(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// What was read before is shown.
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return this.last;
	}

}
