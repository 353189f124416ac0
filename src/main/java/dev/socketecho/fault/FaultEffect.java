package dev.socketecho.fault;

import java.time.Duration;

/**
 * What a fault does.
 */
public sealed interface FaultEffect {

	/**
	 * Bytes or datagrams are late. The order of a TCP connection's bytes is kept.
	 *
	 * @param lateness how late
	 */
	record Delay(Lateness lateness) implements FaultEffect {
	}

	/**
	 * No more than so many bytes pass in a second.
	 *
	 * @param bytesPerSecond the rate, 1 or more
	 * @param wholeServer whether all connections share the rate
	 * @param burst on UDP, how many bytes wait at most; more are dropped
	 */
	record Bandwidth(long bytesPerSecond, boolean wholeServer, long burst) implements FaultEffect {
	}

	/**
	 * Nothing passes from some point on. TCP.
	 *
	 * @param trigger when that begins
	 */
	record Stall(Trigger trigger) implements FaultEffect {
	}

	/**
	 * The stream is cut into small writes. TCP.
	 *
	 * @param size bytes of a write, 1 or more
	 * @param variation by how many bytes the size varies, less than {@code size}
	 * @param lateness how long each write waits after the one before
	 */
	record Slice(int size, int variation, Lateness lateness) implements FaultEffect {
	}

	/**
	 * Bytes are changed.
	 *
	 * @param bytes how many of a unit, 1 or more
	 */
	record Corrupt(int bytes) implements FaultEffect {
	}

	/**
	 * The connection ends with FIN. TCP.
	 *
	 * @param trigger when
	 */
	record Close(Trigger trigger) implements FaultEffect {
	}

	/**
	 * The connection ends with RST. TCP.
	 *
	 * @param trigger when
	 */
	record Reset(Trigger trigger) implements FaultEffect {
	}

	/**
	 * FIN is late. TCP.
	 *
	 * @param trigger from when on
	 * @param lateness how late
	 */
	record SlowClose(Trigger trigger, Lateness lateness) implements FaultEffect {
	}

	/**
	 * The datagram is lost. UDP.
	 */
	record Drop() implements FaultEffect {
	}

	/**
	 * The datagram comes more than once. UDP.
	 *
	 * @param copies how many further times, 1 or more
	 */
	record Duplicate(int copies) implements FaultEffect {
	}

	/**
	 * The datagram is overtaken by others. UDP.
	 *
	 * @param lateness how late it is; zero: it waits for the next one
	 */
	record Reorder(Lateness lateness) implements FaultEffect {
	}

	/**
	 * When a fault that happens once happens: as soon as both are true.
	 *
	 * @param afterBytes how many bytes have passed, 0 or more
	 * @param after how long the connection has been open, 0 or more
	 */
	record Trigger(long afterBytes, Duration after) {

		/** At once. */
		public static final Trigger AT_ONCE = new Trigger(0, Duration.ZERO);

	}

}
