package dev.socketecho.transport.websocket;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtension;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import org.jspecify.annotations.Nullable;

/**
 * The compression that a server and a caller have agreed on: {@code permessage-deflate}
 * (RFC 7692), negotiated by Netty. Its {@code WebSocketServerExtensionHandler} is not
 * used: it adds the handlers only when the answer has left, and frames may have come in
 * before that.
 * <p>
 * Each message is compressed by itself, in both directions. With a context that lives
 * from message to message, a silent connection would keep 320 KB of the JDK's zlib in
 * memory, so that some hundred browsers could exhaust a container.
 *
 * @param extension what was agreed on
 */
record Deflate(WebSocketServerExtension extension) {

	private static final int LEVEL = 6;

	/** What forbids a context. A server may answer it unasked (RFC 7692, 7.1.1). */
	private static final List<String> NO_CONTEXT = List.of("server_no_context_takeover", "client_no_context_takeover");

	/**
	 * In bytes. How much more than the longest message the inflater may make: it fails
	 * when its buffer is full, even if the message is complete.
	 */
	private static final int MARGIN = 1024;

	/**
	 * Agrees on the first offer that the server can accept.
	 * @param request the request of the handshake
	 * @param maxMessageSize the longest message in bytes; the inflater stops there
	 * @return {@code null} for no compression
	 */
	static @Nullable Deflate of(HttpRequest request, int maxMessageSize) {
		PerMessageDeflateServerExtensionHandshaker handshaker = new PerMessageDeflateServerExtensionHandshaker(LEVEL,
				false, PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, true,
				(int) Math.min(Integer.MAX_VALUE, (long) maxMessageSize + MARGIN));
		for (String offers : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
			try {
				for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(offers)) {
					WebSocketServerExtension extension = handshaker.handshakeExtension(withoutContext(offer));
					if (extension != null) {
						return new Deflate(extension);
					}
				}
			}
			catch (IllegalArgumentException | IndexOutOfBoundsException ex) {
				// Netty throws these for a window that is no number and for a nameless
				// offer. What is wrong is declined (RFC 7692, 5.1).
			}
		}
		return null;
	}

	private static WebSocketExtensionData withoutContext(WebSocketExtensionData offer) {
		Map<String, @Nullable String> parameters = new LinkedHashMap<>(offer.parameters());
		NO_CONTEXT.forEach((parameter) -> parameters.put(parameter, null));
		return new WebSocketExtensionData(offer.name(), parameters);
	}

	/**
	 * The header {@code Sec-WebSocket-Extensions} of the answer.
	 */
	String header() {
		WebSocketExtensionData agreed = this.extension.newReponseData();
		StringBuilder header = new StringBuilder(agreed.name());
		agreed.parameters()
			.forEach((name, value) -> header.append("; ").append(name).append((value != null) ? "=" + value : ""));
		return header.toString();
	}

	ChannelHandler newDecoder() {
		return new SafeInflater(this.extension.newExtensionDecoder());
	}

	ChannelHandler newEncoder() {
		return this.extension.newExtensionEncoder();
	}

}
