package dev.socketecho.load;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What a load run does. {@link LoadLimits} checks it.
 *
 * @param rate messages a second, over all connections together; {@code null} for as many
 * as the replies allow
 * @param connections how many connections, at least 1
 * @param outstanding without a rate, how many messages each connection keeps under way,
 * at least 1
 * @param payloadSize the length of a message without terminator and header, in bytes
 * @param duration how long messages are sent that count
 * @param warmUp how long messages are sent before that, which do not count; may be 0
 */
public record LoadSettings(@Nullable Integer rate, int connections, int outstanding, int payloadSize, Duration duration,
		Duration warmUp) {

	/**
	 * The default of {@code connections}.
	 */
	public static final int CONNECTIONS = 8;

	/**
	 * The default of {@code outstanding}.
	 */
	public static final int OUTSTANDING = 16;

	/**
	 * The default of {@code payloadSize}, in bytes.
	 */
	public static final int PAYLOAD_SIZE = 64;

	/**
	 * The default of {@code duration}.
	 */
	public static final Duration DURATION = Duration.ofSeconds(30);

	/**
	 * The default of {@code warmUp}.
	 */
	public static final Duration WARM_UP = Duration.ofSeconds(2);

	/**
	 * The defaults.
	 */
	public static final LoadSettings DEFAULTS = new LoadSettings(null, CONNECTIONS, OUTSTANDING, PAYLOAD_SIZE, DURATION,
			WARM_UP);

}
