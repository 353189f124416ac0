package dev.socketecho.fault;

import java.time.Duration;

import dev.socketecho.transport.address.SourceFilter;

/**
 * Faults as tests set them.
 */
public final class Faults {

	private Faults() {
	}

	/**
	 * A fault of all connections.
	 */
	public static Fault connections(String name, Fault.Direction direction, FaultEffect effect) {
		return new Fault(name, effect, direction, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	/**
	 * A fault of all messages.
	 */
	public static Fault messages(String name, Fault.Direction direction, FaultEffect effect) {
		return messages(name, direction, effect, 1);
	}

	/**
	 * A fault of every n-th message, or datagram.
	 */
	public static Fault messages(String name, Fault.Direction direction, FaultEffect effect, long every) {
		return new Fault(name, effect, direction, Fault.Unit.MESSAGE,
				new Fault.Selection(1, 0, every, null, SourceFilter.ALL, null));
	}

	/**
	 * As soon as so many bytes have passed.
	 */
	public static FaultEffect.Trigger after(long bytes) {
		return new FaultEffect.Trigger(bytes, Duration.ZERO);
	}

	public static FaultEffect delay(Duration delay) {
		return new FaultEffect.Delay(lateness(delay));
	}

	public static FaultEffect delay(int millis) {
		return delay(Duration.ofMillis(millis));
	}

	/**
	 * The same for each unit.
	 */
	public static Lateness lateness(Duration delay) {
		return new Lateness(delay, Duration.ZERO, Lateness.Distribution.UNIFORM);
	}

	public static Lateness lateness(int millis) {
		return lateness(millis, 0);
	}

	/**
	 * Plus or minus a jitter, each one as likely.
	 */
	public static Lateness lateness(int millis, int jitterMillis) {
		return new Lateness(Duration.ofMillis(millis), Duration.ofMillis(jitterMillis), Lateness.Distribution.UNIFORM);
	}

}
