package dev.socketecho.probe;

import java.time.Duration;
import java.util.List;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * The result of one round of a probe.
 *
 * @param sent messages that were sent
 * @param roundTrips the times of those that came back in time, as they were sent
 * @param lost messages without a reply in time
 * @param corrupted replies that differ from their message
 * @param connect how long the connection took, {@code null} for UDP or if there was none
 * @param error why the round failed, {@code null} if it did not
 */
public record ProbeResult(int sent, List<Duration> roundTrips, int lost, int corrupted, @Nullable Duration connect,
		@Nullable SocketError error) {

	/**
	 * A round in which nothing was sent.
	 */
	static ProbeResult failed(SocketError error) {
		return new ProbeResult(0, List.of(), 0, 0, null, error);
	}

	/**
	 * Returns whether the target has answered.
	 * @return whether at least one reply was right
	 */
	public boolean isUp() {
		return !this.roundTrips.isEmpty();
	}

	/**
	 * Returns the mean of the round trips.
	 * @return the mean, {@code null} if there are none
	 */
	public @Nullable Duration meanRoundTrip() {
		return this.roundTrips.isEmpty() ? null
				: this.roundTrips.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(this.roundTrips.size());
	}

}
