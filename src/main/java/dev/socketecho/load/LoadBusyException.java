package dev.socketecho.load;

/**
 * A run cannot start now.
 */
public final class LoadBusyException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	LoadBusyException(String message) {
		super(message, null, false, false);
	}

}
