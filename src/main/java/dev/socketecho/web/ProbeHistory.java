package dev.socketecho.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * The last 120 rounds of one probe, and the round trips of these rounds. It stands
 * between the probe and the recorder of its meters, and passes everything on.
 * <p>
 * The probe's event loop writes; any thread may read.
 */
public final class ProbeHistory implements ProbeRecorder {

	/** How many rounds are kept. */
	static final int ROUNDS = 120;

	/** How many round trips are kept: enough for 120 rounds of 100 messages. */
	static final int ROUND_TRIPS = 12_000;

	private static final int NANOS_PER_MICRO = 1_000;

	private static final int MEDIAN = 500;

	private static final int P99 = 990;

	private final ProbeRecorder next;

	private final Consumer<SocketError> failures;

	private final Deque<Round> rounds = new ArrayDeque<>(ROUNDS);

	private final int[] roundTrips;

	private long roundTripCount;

	private long roundCount;

	private @Nullable Duration jitter;

	/** Made when it is first asked for after a round. */
	private @Nullable Summary summary;

	/** Of the round that has not ended. Used on the event loop only. */
	private int sent;

	private int lost;

	private int corrupted;

	private final List<Integer> micros = new ArrayList<>();

	private @Nullable SocketError error;

	/**
	 * Creates an empty history.
	 * @param count the messages of a round
	 * @param next is told everything, too
	 * @param failures is told of each round that has failed
	 */
	public ProbeHistory(int count, ProbeRecorder next, Consumer<SocketError> failures) {
		this.next = next;
		this.failures = failures;
		this.roundTrips = new int[Math.min(ROUNDS * count, ROUND_TRIPS)];
	}

	@Override
	public void up(boolean up) {
		this.next.up(up);
		int[] sorted = this.micros.stream().mapToInt(Integer::intValue).sorted().toArray();
		SocketError why = this.error;
		synchronized (this) {
			for (int roundTrip : sorted) {
				this.roundTrips[(int) (this.roundTripCount++ % this.roundTrips.length)] = roundTrip;
			}
			if (this.rounds.size() == ROUNDS) {
				this.rounds.removeFirst();
			}
			this.summary = null;
			this.rounds.addLast(new Round(this.roundCount++, Instant.now().toEpochMilli(), up, this.sent, this.lost,
					this.corrupted, percentile(sorted, MEDIAN), (why != null) ? why.tag() : null));
		}
		this.sent = 0;
		this.lost = 0;
		this.corrupted = 0;
		this.micros.clear();
		this.error = null;
	}

	@Override
	public void connected(Duration duration) {
		this.next.connected(duration);
	}

	@Override
	public void sent() {
		this.next.sent();
		this.sent++;
	}

	@Override
	public void received(Duration roundTrip, Duration smoothed) {
		this.next.received(roundTrip, smoothed);
		this.micros.add((int) Math.min(roundTrip.toNanos() / NANOS_PER_MICRO, Integer.MAX_VALUE));
		synchronized (this) {
			this.jitter = smoothed;
		}
	}

	@Override
	public void lost() {
		this.next.lost();
		this.lost++;
	}

	@Override
	public void oneWayDelays(long forwardNanos, long backwardNanos, long reflectorNanos) {
		this.next.oneWayDelays(forwardNanos, backwardNanos, reflectorNanos);
	}

	@Override
	public void lostOneWay(int forward, int backward) {
		this.next.lostOneWay(forward, backward);
	}

	@Override
	public void duplicated() {
		this.next.duplicated();
	}

	@Override
	public void reordered() {
		this.next.reordered();
	}

	@Override
	public void corrupted() {
		this.next.corrupted();
		this.corrupted++;
	}

	@Override
	public void error(SocketError why) {
		this.next.error(why);
		this.failures.accept(why);
		this.error = why;
	}

	/**
	 * Returns the history as of the last round that has ended.
	 * @return a copy
	 */
	Summary summary() {
		List<Round> copy;
		int[] sorted;
		Duration smoothed;
		synchronized (this) {
			if (this.summary != null) {
				return this.summary;
			}
			copy = List.copyOf(this.rounds);
			sorted = Arrays.copyOf(this.roundTrips, (int) Math.min(this.roundTripCount, this.roundTrips.length));
			smoothed = this.jitter;
		}
		Summary made = summarize(copy, sorted, smoothed);
		synchronized (this) {
			if (this.rounds.peekLast() == (copy.isEmpty() ? null : copy.getLast())) {
				this.summary = made;
			}
		}
		return made;
	}

	private static Summary summarize(List<Round> copy, int[] sorted, @Nullable Duration smoothed) {
		Arrays.sort(sorted);
		long messages = copy.stream().mapToLong(Round::sent).sum();
		long unanswered = copy.stream().mapToLong((round) -> round.lost() + round.corrupted()).sum();
		return new Summary((messages > 0) ? (double) unanswered / messages : null, percentile(sorted, MEDIAN),
				percentile(sorted, P99), (smoothed != null) ? smoothed.toNanos() / NANOS_PER_MICRO : null, copy);
	}

	/**
	 * Returns the value that so many of a thousand do not exceed (nearest rank).
	 */
	private static @Nullable Integer percentile(int[] sorted, int perMille) {
		return (sorted.length > 0) ? sorted[(int) (((long) sorted.length * perMille + 999) / 1000) - 1] : null;
	}

	/**
	 * A round.
	 *
	 * @param id counts the rounds from 0
	 * @param at when it ended, in ms since the epoch
	 * @param up whether there was a right reply
	 * @param sent messages that were sent
	 * @param lost messages without a reply in time
	 * @param corrupted replies that were not what was sent
	 * @param medianMicros the median round trip; {@code null} without a reply
	 * @param error why it has failed; {@code null} if it has not
	 */
	record Round(long id, long at, boolean up, int sent, int lost, int corrupted, @Nullable Integer medianMicros,
			@Nullable String error) {
	}

	/**
	 * The history.
	 *
	 * @param loss the share of messages without a right reply, 0 to 1; {@code null}
	 * before the first
	 * @param medianMicros the median of the round trips
	 * @param p99Micros the round trip that 99 % do not exceed
	 * @param jitterMicros the smoothed difference between round trips (RFC 3550, 6.4.1)
	 * @param rounds the rounds, the oldest first
	 */
	record Summary(@Nullable Double loss, @Nullable Integer medianMicros, @Nullable Integer p99Micros,
			@Nullable Long jitterMicros, List<Round> rounds) {
	}

}
