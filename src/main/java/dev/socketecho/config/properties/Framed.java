package dev.socketecho.config.properties;

import dev.socketecho.codec.Framing;
import org.jspecify.annotations.Nullable;

/**
 * Properties that have a framing.
 */
interface Framed {

	/**
	 * Returns where a message ends.
	 * @return the framing
	 */
	Framing framing();

	/**
	 * Returns the text that ends a message, with framing {@code delimiter}.
	 * @return the delimiter, {@code null} or empty with another framing
	 */
	@Nullable String delimiter();

}
