package dev.socketecho.transport.tcp;

/**
 * The names of the handlers of a connection, in their order from the socket to the flow.
 */
final class HandlerNames {

	/** Cuts the PROXY protocol's header off; gone once it has. */
	static final String PROXY_FRAME = "echo.proxyFrame";

	/** Reads the PROXY protocol's header; gone once it has. */
	static final String PROXY_DECODER = "echo.proxyDecoder";

	/** Decides by the PROXY protocol's header; gone once it has. */
	static final String PROXY = "echo.proxy";

	/** Lets the peer of a failed TLS handshake see why; gone once it has succeeded. */
	static final String TLS_GUARD = "echo.tlsGuard";

	/** Decrypts and encrypts; absent without TLS. */
	static final String TLS = "echo.tls";

	/** Reports how the TLS handshake went, and the end of input. */
	static final String TLS_MONITOR = "echo.tlsMonitor";

	/** Counts bytes; discards what comes in after the end was decided. */
	static final String INBOUND_GATE = "echo.inboundGate";

	/** Cuts frames; absent where there is no framing. */
	static final String FRAMES = "echo.frames";

	/** Hands messages to the flow and sees to the connection's life. */
	static final String CONNECTION = "echo.connection";

	private HandlerNames() {
	}

}
