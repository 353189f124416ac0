package dev.socketecho.transport.loop;

/**
 * A socket that was handed over cannot be what it was handed over for.
 */
public final class InheritedSocketException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an instance.
	 * @param message which socket, and what is wrong with it
	 */
	InheritedSocketException(String message) {
		super(message);
	}

}
