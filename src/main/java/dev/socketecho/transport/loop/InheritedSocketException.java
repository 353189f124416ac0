package dev.socketecho.transport.loop;

/**
 * A socket that was handed over cannot be used by its server, or not on this transport.
 * The service does not start; a failure analyzer explains it.
 */
public final class InheritedSocketException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	/**
	 * Creates an instance.
	 * @param message which socket it is, and what is wrong with it
	 */
	InheritedSocketException(String message) {
		super(message);
	}

}
