package dev.socketecho.web;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * The last 50 failures of servers, clients and probes. A failure that repeats itself
 * within ten seconds is counted instead of listed again: a caller that fails thousands of
 * times a second does not push the other failures out.
 * <p>
 * Event loops add failures, several at a time. Nothing blocks, and a repeated failure
 * costs one atomic addition.
 */
public final class FailureLog {

	/** How many failures are kept. */
	static final int SIZE = 50;

	private static final long REPEAT_NANOS = 10_000_000_000L;

	private final AtomicReferenceArray<@Nullable Failure> ring = new AtomicReferenceArray<>(SIZE);

	private final AtomicLong added = new AtomicLong();

	private final LongSupplier nanoTime;

	/**
	 * Creates an empty log.
	 */
	public FailureLog() {
		this(System::nanoTime);
	}

	FailureLog(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Returns what takes the failures of one source.
	 * @param kind what the source is: {@code server}, {@code client} or {@code probe}
	 * @param transport {@code tcp} or {@code udp}
	 * @param name the source's name
	 * @return takes failures on any thread; it neither blocks nor throws
	 */
	public Consumer<SocketError> of(String kind, String transport, String name) {
		AtomicReferenceArray<@Nullable Failure> last = new AtomicReferenceArray<>(SocketError.values().length);
		return (error) -> {
			long now = this.nanoTime.getAsLong();
			int index = error.ordinal();
			Failure before = last.get(index);
			if (before != null && now - before.nanos < REPEAT_NANOS) {
				before.count.incrementAndGet();
				return;
			}
			Failure failure = new Failure(kind, transport, name, error, this.added.getAndIncrement(), now);
			this.ring.set((int) (failure.sequence % SIZE), failure);
			last.set(index, failure);
		};
	}

	/**
	 * Returns the failures.
	 * @return at most 50, the newest first
	 */
	List<Entry> latest() {
		return IntStream.range(0, SIZE)
			.mapToObj(this.ring::get)
			.filter(Objects::nonNull)
			.sorted(Comparator.comparingLong((Failure failure) -> failure.sequence).reversed())
			.map(Failure::entry)
			.toList();
	}

	/**
	 * A failure, as the page shows it.
	 *
	 * @param id counts the failures from 0
	 * @param at when it first occurred, in ms since the epoch
	 * @param kind what has failed: {@code server}, {@code client} or {@code probe}
	 * @param transport {@code tcp} or {@code udp}
	 * @param name its name
	 * @param error how, by the name that meters have for it
	 * @param count how often within ten seconds
	 */
	record Entry(long id, long at, String kind, String transport, String name, String error, int count) {
	}

	private static final class Failure {

		private final String kind;

		private final String transport;

		private final String name;

		private final SocketError error;

		private final long sequence;

		private final long nanos;

		private final Instant at = Instant.now();

		private final AtomicInteger count = new AtomicInteger(1);

		Failure(String kind, String transport, String name, SocketError error, long sequence, long nanos) {
			this.kind = kind;
			this.transport = transport;
			this.name = name;
			this.error = error;
			this.sequence = sequence;
			this.nanos = nanos;
		}

		Entry entry() {
			return new Entry(this.sequence, this.at.toEpochMilli(), this.kind, this.transport, this.name,
					this.error.tag(), this.count.get());
		}

	}

}
