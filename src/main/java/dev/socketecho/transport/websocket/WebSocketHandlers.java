package dev.socketecho.transport.websocket;

/**
 * The names of the handlers of this package, in their order from the socket to the flow.
 * With compression {@link #AGGREGATOR} comes before {@link #INFLATE}. The last one,
 * {@link WebSocketMessages}, has the name that the connection gives it.
 */
final class WebSocketHandlers {

	/** Counts what is read, and keeps paused reads paused. */
	static final String INPUT = "echo.webSocketInput";

	/** Decodes the HTTP of the handshake; then removed. */
	static final String HTTP_DECODER = "echo.httpDecoder";

	/** Encodes the HTTP of the handshake; then removed. */
	static final String HTTP_ENCODER = "echo.httpEncoder";

	/** Does the handshake; then removed. */
	static final String OPENING = "echo.webSocketOpening";

	/** Decodes frames. */
	static final String DECODER = "echo.webSocketDecoder";

	/** Encodes frames. */
	static final String ENCODER = "echo.webSocketEncoder";

	/** Inflates messages; absent without compression. */
	static final String INFLATE = "echo.webSocketInflate";

	/** Deflates messages; absent without compression. */
	static final String DEFLATE = "echo.webSocketDeflate";

	/** Checks the UTF-8 of text. */
	static final String UTF8 = "echo.webSocketUtf8";

	/** Puts fragments together. */
	static final String AGGREGATOR = "echo.webSocketAggregator";

	private WebSocketHandlers() {
	}

}
