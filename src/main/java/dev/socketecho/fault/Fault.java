package dev.socketecho.fault;

import java.time.Duration;

import dev.socketecho.transport.address.SourceFilter;
import org.jspecify.annotations.Nullable;

/**
 * A fault as it was set: what is done, which way, and to which units.
 *
 * @param name its name; the faults of a server act in the order of their names
 * @param effect what is done
 * @param direction to what the caller is sent, or to what it sends
 * @param unit what it is drawn for
 * @param selection which units it is for
 */
public record Fault(String name, FaultEffect effect, Direction direction, Unit unit, Selection selection) {

	/**
	 * Which units a fault is for. What is checked, in this order: {@code sources}, then
	 * {@code first}, {@code every} and {@code lifetime}, then the draw.
	 *
	 * @param probability of each unit, 0 to 1
	 * @param first only so many units since the fault was set; 0 for all
	 * @param every only each n-th unit, 1 for all
	 * @param lifetime only for so long since the fault was set; {@code null} for ever
	 * @param sources whose units
	 * @param seed makes the draws repeatable; {@code null} if they need not be
	 */
	public record Selection(double probability, long first, long every, @Nullable Duration lifetime,
			SourceFilter sources, @Nullable Long seed) {

		/** Every unit. */
		public static final Selection ALL = new Selection(1, 0, 1, null, SourceFilter.ALL, null);

	}

	/**
	 * Which way a fault acts.
	 */
	public enum Direction {

		/** On what the caller is sent. */
		OUTBOUND,

		/** On what the caller sends. */
		INBOUND

	}

	/**
	 * What a fault is drawn for.
	 */
	public enum Unit {

		/** Once for each connection. TCP only. */
		CONNECTION,

		/** For each message, or datagram. */
		MESSAGE

	}

}
