package dev.socketecho.metrics;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.socketecho.telemetry.SingleWriterCounts;
import dev.socketecho.telemetry.TrafficCounter;
import io.micrometer.core.instrument.Tags;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Bytes and messages of one server or client. Each event loop counts for itself, which
 * takes no atomic operation: a counter of the registry takes one, and four of them for
 * each message were a hundredth of all CPU time. The sums are exact; what was counted
 * before a peer could see its effect is in them when it has.
 * <p>
 * To be counted on event loops; read by any thread.
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
	 * Makes the sums meters, which the registry does not keep alive.
	 * @param meters where
	 * @param receivedBytes what the sum of the bytes received is called, and so on
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

	private long sum(int index) {
		return this.ofEventLoops.stream().mapToLong((counts) -> counts.count(index)).sum();
	}

	/**
	 * The counts of the event loop that calls.
	 */
	TrafficCounter ofEventLoop() {
		return this.ofEventLoop.get();
	}

	private static final class OfEventLoop extends SingleWriterCounts implements TrafficCounter {

		/** Keeps the counts of two event loops out of each other's cache lines. */
		private static final int PADDING = 16;

		OfEventLoop() {
			super(PADDING + SENT_MESSAGES + 1 + PADDING);
		}

		@Override
		public void bytesReceived(long bytes) {
			add(PADDING + RECEIVED_BYTES, bytes);
		}

		@Override
		public void messagesReceived(long messages) {
			add(PADDING + RECEIVED_MESSAGES, messages);
		}

		@Override
		public void sent(long bytes, long messages) {
			add(PADDING + SENT_BYTES, bytes);
			add(PADDING + SENT_MESSAGES, messages);
		}

		long count(int index) {
			return get(PADDING + index);
		}

	}

}
