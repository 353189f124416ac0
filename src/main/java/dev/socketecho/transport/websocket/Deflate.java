package dev.socketecho.transport.websocket;

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
 *
 * @param extension what was agreed on
 */
record Deflate(WebSocketServerExtension extension) {

	private static final int LEVEL = 6;

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
				false, PerMessageDeflateServerExtensionHandshaker.MAX_WINDOW_SIZE, true, false,
				(int) Math.min(Integer.MAX_VALUE, (long) maxMessageSize + MARGIN));
		for (String offers : request.headers().getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
			for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(offers)) {
				WebSocketServerExtension extension = handshaker.handshakeExtension(offer);
				if (extension != null) {
					return new Deflate(extension);
				}
			}
		}
		return null;
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
