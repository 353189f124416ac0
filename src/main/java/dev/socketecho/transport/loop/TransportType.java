package dev.socketecho.transport.loop;

import java.util.Locale;

import dev.socketecho.transport.direct.NativeCalls;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import org.jspecify.annotations.Nullable;

/**
 * The operating system interface that carries the sockets.
 */
public enum TransportType {

	/**
	 * Epoll where its native library loads and the C library can be called, NIO
	 * elsewhere.
	 */
	AUTO,

	/**
	 * Linux epoll, native.
	 */
	EPOLL,

	/**
	 * Linux io_uring, native.
	 */
	IO_URING,

	/**
	 * The JDK's selectors.
	 */
	NIO;

	/**
	 * Returns the type to use on this machine.
	 * @return this, or what {@link #AUTO} stands for
	 * @throws TransportUnavailableException if this machine does not have it
	 */
	public TransportType resolve() {
		Throwable obstacle = switch (this) {
			case AUTO, NIO -> null;
			case EPOLL -> obstacle(Epoll.unavailabilityCause());
			case IO_URING -> obstacle(IoUring.unavailabilityCause());
		};
		if (obstacle != null) {
			throw new TransportUnavailableException(this, obstacle);
		}
		return (this != AUTO) ? this : (obstacle(Epoll.unavailabilityCause()) == null) ? EPOLL : NIO;
	}

	private static @Nullable Throwable obstacle(@Nullable Throwable nettysObstacle) {
		return (nettysObstacle != null) ? nettysObstacle : NativeCalls.unavailabilityCause();
	}

	/**
	 * Returns the name as it is written in configuration and logs.
	 * @return the lower-case name
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * This machine does not have the transport that was asked for.
	 */
	public static final class TransportUnavailableException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final TransportType type;

		TransportUnavailableException(TransportType type, @Nullable Throwable cause) {
			super("transport %s is not available: %s".formatted(type.value(), rootMessage(cause)), cause);
			this.type = type;
		}

		/**
		 * Returns the transport that was asked for.
		 * @return the type
		 */
		public TransportType getType() {
			return this.type;
		}

		private static @Nullable String rootMessage(@Nullable Throwable thrown) {
			Throwable root = thrown;
			while (root != null && root.getCause() != null) {
				root = root.getCause();
			}
			return (root != null) ? root.getMessage() : null;
		}

	}

}
