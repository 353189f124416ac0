package dev.socketecho.client;

import java.util.concurrent.CompletionException;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A message was not echoed: the failure of a future of an {@link EchoClient}.
 */
public final class EchoException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final SocketError error;

	EchoException(SocketError error, String message, @Nullable Throwable cause) {
		super(message, cause, true, false);
		this.error = error;
	}

	EchoException(SocketError error, String message) {
		this(error, message, null);
	}

	/**
	 * Returns what went wrong.
	 * @return the error
	 */
	public SocketError error() {
		return this.error;
	}

	/**
	 * Returns the error behind the failure of a client's future.
	 * @param failure the failure as a callback gets it
	 * @return the error
	 */
	public static SocketError errorOf(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof EchoException ex) ? ex.error() : SocketError.of(cause);
	}

}
