package dev.socketecho.fault;

import java.util.Locale;
import java.util.Set;

/**
 * The types of faults as they are configured, and which properties each one takes beside
 * those of all.
 */
public enum FaultType {

	/** {@link FaultEffect.Delay}. */
	DELAY(Of.BOTH, "delay", "jitter", "distribution"),

	/** {@link FaultEffect.Bandwidth}. */
	BANDWIDTH(Of.BOTH, "rate", "scope", "burst"),

	/** {@link FaultEffect.Stall}. */
	STALL(Of.STREAMS, "after-bytes", "after"),

	/** {@link FaultEffect.Slice}. */
	SLICE(Of.STREAMS, "size", "size-variation", "delay", "jitter", "distribution"),

	/** {@link FaultEffect.Corrupt}. */
	CORRUPT(Of.BOTH, "bytes"),

	/** {@link FaultEffect.Close}. */
	CLOSE(Of.STREAMS, "after-bytes", "after"),

	/** {@link FaultEffect.Reset}. */
	RESET(Of.STREAMS, "after-bytes", "after"),

	/** {@link FaultEffect.SlowClose}. */
	SLOW_CLOSE(Of.STREAMS, "after-bytes", "after", "delay", "jitter", "distribution"),

	/** {@link FaultEffect.Drop}. */
	DROP(Of.DATAGRAMS),

	/** {@link FaultEffect.Duplicate}. */
	DUPLICATE(Of.DATAGRAMS, "count"),

	/** {@link FaultEffect.Reorder}. */
	REORDER(Of.DATAGRAMS, "delay", "jitter", "distribution");

	private final Of of;

	private final Set<String> properties;

	FaultType(Of of, String... properties) {
		this.of = of;
		this.properties = Set.of(properties);
	}

	/**
	 * Tells whether TCP servers have it.
	 * @return whether it is a fault of streams
	 */
	public boolean isForStreams() {
		return this.of != Of.DATAGRAMS;
	}

	/**
	 * Tells whether UDP servers have it.
	 * @return whether it is a fault of datagrams
	 */
	public boolean isForDatagrams() {
		return this.of != Of.STREAMS;
	}

	/**
	 * Tells whether a property has a meaning for it.
	 * @param property a property that not all types have, as it is written
	 * @return whether it has
	 */
	public boolean takes(String property) {
		return this.properties.contains(property);
	}

	/**
	 * Returns the name as it is written in configuration and logs.
	 * @return the lower-case, dashed name, such as {@code slow-close}
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	@Override
	public String toString() {
		return value();
	}

	private enum Of {

		STREAMS, DATAGRAMS, BOTH

	}

}
