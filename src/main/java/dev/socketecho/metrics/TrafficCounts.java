package dev.socketecho.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.socketecho.telemetry.TrafficCounter;
import io.micrometer.core.instrument.Tags;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Counts the bytes and messages of one server or client. Each event loop has counts of
 * its own and adds to them without an atomic operation. A registry counter needs one;
 * four of them per message cost 1 % of the CPU time. The sums are exact: an echo is
 * counted before it is sent, so it is in the sum once the peer has it.
 * <p>
 * Event loops count; any thread may read the sums.
 */
final class TrafficCounts {

	private static final int RECEIVED_BYTES = 0;

	private static final int RECEIVED_MESSAGES = 1;

	private static final int SENT_BYTES = 2;

	private static final int SENT_MESSAGES = 3;

	private final List<OfEventLoop> ofEventLoops = new CopyOnWriteArrayList<>();

	private final FastThreadLocal<OfEventLoop> ofEventLoop = new FastThreadLocal<>() {
		@Override
		protected OfEventLoop initialValue() {
			OfEventLoop counts = new OfEventLoop();
			TrafficCounts.this.ofEventLoops.add(counts);
			return counts;
		}
	};

	/**
	 * Registers the sums as counters. The registry does not keep this object alive.
	 * @param meters registers them
	 * @param receivedBytes the meter of the bytes that were received
	 * @param receivedMessages the meter of the messages that were received
	 * @param sentBytes the meter of the bytes that were sent
	 * @param sentMessages the meter of the messages that were sent
	 */
	void register(Meters meters, EchoMeter receivedBytes, EchoMeter receivedMessages, EchoMeter sentBytes,
			EchoMeter sentMessages) {
		register(meters, receivedBytes, RECEIVED_BYTES);
		register(meters, receivedMessages, RECEIVED_MESSAGES);
		register(meters, sentBytes, SENT_BYTES);
		register(meters, sentMessages, SENT_MESSAGES);
	}

	private void register(Meters meters, EchoMeter meter, int index) {
		meters.functionCounter(meter, Tags.empty(), this, (counts) -> counts.sum(index));
	}

	/**
	 * Returns the sums, with what else was counted.
	 */
	TrafficFigures figures(Map<String, Long> refused, Map<String, Long> errors) {
		return new TrafficFigures(sum(RECEIVED_BYTES), sum(RECEIVED_MESSAGES), sum(SENT_BYTES), sum(SENT_MESSAGES),
				refused, errors);
	}

	private long sum(int index) {
		return this.ofEventLoops.stream().mapToLong((counts) -> counts.count(index)).sum();
	}

	/**
	 * Returns the counts of the calling event loop.
	 */
	TrafficCounter ofEventLoop() {
		return this.ofEventLoop.get();
	}

	/**
	 * Counts that one event loop writes, and any thread reads. A thread that learns of
	 * something that was counted before finds it counted.
	 */
	private static final class OfEventLoop implements TrafficCounter {

		private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

		/** Keeps the counts of different event loops in different cache lines. */
		private static final int PADDING = 16;

		private final long[] counts = new long[PADDING + SENT_MESSAGES + 1 + PADDING];

		@Override
		public void bytesReceived(long bytes) {
			add(RECEIVED_BYTES, bytes);
		}

		@Override
		public void messagesReceived(long messages) {
			add(RECEIVED_MESSAGES, messages);
		}

		@Override
		public void sent(long bytes, long messages) {
			add(SENT_BYTES, bytes);
			add(SENT_MESSAGES, messages);
		}

		private void add(int index, long amount) {
			COUNTS.setRelease(this.counts, PADDING + index, this.counts[PADDING + index] + amount);
		}

		long count(int index) {
			return (long) COUNTS.getAcquire(this.counts, PADDING + index);
		}

	}

}
