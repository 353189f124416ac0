package dev.socketecho.transport.loop;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * How sockets are polled, as it can be configured ({@code echo.transport}).
 */
public enum TransportType {

	/**
	 * Epoll where Netty's native library loads and the C library can be called, NIO
	 * elsewhere.
	 */
	AUTO,

	/**
	 * Linux epoll.
	 */
	EPOLL,

	/**
	 * Linux io_uring.
	 */
	IO_URING,

	/**
	 * The JDK's selectors.
	 */
	NIO;

	/**
	 * Returns the name as it is written in configuration and logs.
	 * @return the lower-case name
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * This machine does not have the configured transport. A failure analyzer explains
	 * it.
	 */
	public static final class TransportUnavailableException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final TransportType type;

		TransportUnavailableException(TransportType type, Throwable cause) {
			super("transport %s is not available: %s".formatted(type.value(), rootMessage(cause)), cause);
			this.type = type;
		}

		/**
		 * Returns the configured transport.
		 * @return the type
		 */
		public TransportType getType() {
			return this.type;
		}

		private static @Nullable String rootMessage(Throwable thrown) {
			Throwable root = thrown;
			while (root.getCause() != null) {
				root = root.getCause();
			}
			return root.getMessage();
		}

	}

}
