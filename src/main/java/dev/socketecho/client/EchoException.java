package dev.socketecho.client;

import java.util.concurrent.CompletionException;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A message was not echoed.
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
	 * Returns the error's class.
	 * @return the class
	 */
	public SocketError error() {
		return this.error;
	}

	/**
	 * Classifies what a future of a client failed with.
	 * @param failure the failure, as a callback gets it
	 * @return its class
	 */
	public static SocketError errorOf(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return (cause instanceof EchoException ex) ? ex.error() : SocketError.of(cause);
	}

}
