package dev.socketecho.fault;

import java.time.Duration;

/**
 * When a fault that happens once happens: as soon as both are true.
 *
 * @param afterBytes how many bytes have passed, 0 or more
 * @param after how long the connection has been open, 0 or more
 */
public record Trigger(long afterBytes, Duration after) {

	/** At once. */
	public static final Trigger AT_ONCE = new Trigger(0, Duration.ZERO);

}
