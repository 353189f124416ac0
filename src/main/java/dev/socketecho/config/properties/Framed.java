package dev.socketecho.config.properties;

import dev.socketecho.codec.Framing;
import org.jspecify.annotations.Nullable;

/**
 * Properties of what has a framing.
 */
interface Framed {

	/**
	 * How messages are delimited.
	 */
	Framing framing();

	/**
	 * The text that ends a message, with framing {@code delimiter}.
	 */
	@Nullable String delimiter();

}
