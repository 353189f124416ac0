package dev.socketecho.transport.tcp;

/**
 * The names of the handlers of a connection, in their order from the socket to the flow.
 * While a connection waits for its PROXY header, the handlers of {@code transport.proxy}
 * stand before these.
 */
final class HandlerNames {

	/** Commits faults that are for connections; absent without. */
	static final String FAULTS = "echo.faults";

	/** Lets the peer see why a handshake failed; removed when it has succeeded. */
	static final String TLS_GUARD = "echo.tlsGuard";

	/** Encrypts and decrypts; absent without TLS. */
	static final String TLS = "echo.tls";

	/** Reports the outcome of the handshake, and the end of input; absent without TLS. */
	static final String TLS_MONITOR = "echo.tlsMonitor";

	/** Counts bytes, delivers complete frames, discards input after the end. */
	static final String INBOUND_GATE = "echo.inboundGate";

	/**
	 * Completes frames that come in parts; absent without framing. With WebSocket, the
	 * last handler of that package, whose others have names of their own.
	 */
	static final String FRAMES = "echo.frames";

	/** Commits faults that are for messages; absent without. */
	static final String MESSAGE_FAULTS = "echo.messageFaults";

	/** Calls the connection. */
	static final String CONNECTION = "echo.connection";

	private HandlerNames() {
	}

}
