package dev.socketecho.probe;

import java.time.Duration;
import java.util.List;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * The result of one round of a probe.
 *
 * @param sent how many messages were sent
 * @param roundTrips the round trips of those whose replies came in time, in the order of
 * the replies
 * @param lost how many messages had no reply in time
 * @param corrupted how many replies differed from the message
 * @param connect how long the connection took, {@code null} for UDP or if there was none
 * @param error why the round failed, {@code null} if it did not
 */
public record ProbeResult(int sent, List<Duration> roundTrips, int lost, int corrupted, @Nullable Duration connect,
		@Nullable SocketError error) {

	/**
	 * Returns the result of a round that sent nothing.
	 */
	static ProbeResult failed(SocketError error) {
		return new ProbeResult(0, List.of(), 0, 0, null, error);
	}

	/**
	 * Returns whether the target is up.
	 * @return whether at least one reply was right
	 */
	public boolean isUp() {
		return !this.roundTrips.isEmpty();
	}

	/**
	 * Returns the mean of the round trips.
	 * @return the mean, {@code null} if there was no reply
	 */
	public @Nullable Duration meanRoundTrip() {
		return this.roundTrips.isEmpty() ? null
				: this.roundTrips.stream().reduce(Duration.ZERO, Duration::plus).dividedBy(this.roundTrips.size());
	}

}
