package dev.socketecho.transport.websocket;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.FramingSpec;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValidationUtil;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of one connection of a server (RFC 6455, 4.2). It accepts any
 * path and the first subprotocol that is asked for. A request that is no WebSocket
 * handshake is answered by a status and ends the connection. Frames may follow the
 * request at once: so the handlers of frames take the place of HTTP's in the same step in
 * which the answer is written.
 */
final class WebSocketServerOpening extends ChannelInboundHandlerAdapter {

	/** In bytes, for the whole request. */
	private static final int LONGEST_REQUEST = 8192;

	private static final long TIMEOUT_SECONDS = 10;

	private static final int KEY_BYTES = 16;

	private final WebSocketSession session;

	private final WebSocketSession.Host host;

	private final int maxMessageSize;

	private @Nullable HttpRequest request;

	private @Nullable Future<?> timeout;

	private WebSocketServerOpening(WebSocketSession session, WebSocketSession.Host host, int maxMessageSize) {
		this.session = session;
		this.host = host;
		this.maxMessageSize = maxMessageSize;
	}

	/**
	 * Adds the handlers of the handshake.
	 */
	static void add(ChannelPipeline pipeline, WebSocketSession session, WebSocketSession.Host host,
			FramingSpec framing) {
		HttpDecoderConfig config = new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_REQUEST)
			.setMaxHeaderSize(LONGEST_REQUEST)
			.setMaxChunkSize(LONGEST_REQUEST);
		pipeline.addLast(WebSocketHandlers.HTTP_DECODER, new HttpRequestDecoder(config))
			.addLast(WebSocketHandlers.HTTP_ENCODER, new HttpResponseEncoder())
			.addLast(WebSocketHandlers.OPENING, new WebSocketServerOpening(session, host, framing.maxMessageSize()));
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.timeout = ctx.executor()
			.schedule(() -> fail(ctx, "no handshake within " + TIMEOUT_SECONDS + " s"), TIMEOUT_SECONDS,
					TimeUnit.SECONDS);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		if (this.timeout != null) {
			this.timeout.cancel(false);
		}
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		try {
			if (this.host.isClosing()) {
				return;
			}
			if (message instanceof HttpRequest received) {
				this.request = received;
			}
			// Nothing follows a request that could not be decoded.
			if (this.request != null
					&& (message instanceof LastHttpContent || this.request.decoderResult().isFailure())) {
				answer(ctx, this.request);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext ctx) {
		if (this.session.bytesRead() > LONGEST_REQUEST && !this.host.isClosing()) {
			refuse(ctx, HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
					"more than " + LONGEST_REQUEST + " bytes without a handshake");
		}
		ctx.fireChannelReadComplete();
	}

	private void answer(ChannelHandlerContext ctx, HttpRequest received) {
		if (received.decoderResult().isFailure()) {
			Throwable cause = received.decoderResult().cause();
			if (!(cause instanceof PrematureChannelClosureException)) {
				refuse(ctx, (cause instanceof TooLongFrameException)
						? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE : HttpResponseStatus.BAD_REQUEST,
						"no HTTP request: " + cause.getMessage());
			}
			return;
		}
		HttpHeaders headers = received.headers();
		if (!headers.containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true)
				|| !WebSocketVersion.V13.toHttpHeaderValue()
					.equals(headers.get(HttpHeaderNames.SEC_WEBSOCKET_VERSION))) {
			refuse(ctx, HttpResponseStatus.UPGRADE_REQUIRED, "HTTP request without upgrade to WebSocket 13");
		}
		else if (!isHandshake(received)) {
			refuse(ctx, HttpResponseStatus.BAD_REQUEST, "handshake that RFC 6455, 4.2.1, does not allow");
		}
		else {
			accept(ctx, received);
		}
	}

	private static boolean isHandshake(HttpRequest received) {
		HttpHeaders headers = received.headers();
		return received.method().equals(HttpMethod.GET) && received.protocolVersion().equals(HttpVersion.HTTP_1_1)
				&& headers.contains(HttpHeaderNames.HOST)
				&& headers.containsValue(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE, true)
				&& isKey(headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_KEY))
				&& headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)
					.stream()
					.allMatch(WebSocketServerOpening::isSubprotocols);
	}

	/**
	 * Whether there is one key. More than one header is an error (RFC 6455, 11.3.1).
	 */
	private static boolean isKey(List<String> keys) {
		try {
			return keys.size() == 1 && Base64.getDecoder().decode(keys.getFirst().strip()).length == KEY_BYTES;
		}
		catch (IllegalArgumentException ex) {
			return false;
		}
	}

	/**
	 * Whether a header is a list of tokens (RFC 6455, 4.3). Empty elements of a list mean
	 * nothing (RFC 7230, 7).
	 */
	private static boolean isSubprotocols(String names) {
		return Arrays.stream(names.split(","))
			.allMatch((name) -> HttpHeaderValidationUtil.validateToken(name.strip()) < 0);
	}

	private void accept(ChannelHandlerContext ctx, HttpRequest received) {
		Deflate deflate = Deflate.of(received, this.maxMessageSize);
		FullHttpResponse response = new Handshaker().response(received);
		if (deflate != null) {
			response.headers().set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, deflate.header());
		}
		ctx.writeAndFlush(response, ctx.voidPromise());
		ChannelPipeline pipeline = ctx.pipeline();
		pipeline.remove(WebSocketHandlers.HTTP_ENCODER);
		this.session.opened(deflate);
		this.host.opened();
		pipeline.remove(this);
		// Bytes that it has not decoded go on to the decoder of frames.
		pipeline.remove(WebSocketHandlers.HTTP_DECODER);
	}

	private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String why) {
		FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
		response.headers()
			.set(HttpHeaderNames.CONNECTION, "upgrade, close")
			.set(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET)
			.set(HttpHeaderNames.SEC_WEBSOCKET_VERSION, WebSocketVersion.V13.toHttpHeaderValue())
			.setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
		ctx.writeAndFlush(response, ctx.voidPromise());
		fail(ctx, why);
	}

	private void fail(ChannelHandlerContext ctx, String why) {
		if (!this.host.isClosing()) {
			ctx.fireExceptionCaught(new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, why));
		}
	}

	/**
	 * Makes the answer. Netty's handshaker would add the handlers, too, but of its own
	 * names, and those of frames only when the answer has left.
	 */
	private static final class Handshaker extends WebSocketServerHandshaker13 {

		Handshaker() {
			super("", WebSocketServerHandshaker.SUB_PROTOCOL_WILDCARD, WebSocketDecoderConfig.newBuilder().build());
		}

		FullHttpResponse response(HttpRequest received) {
			FullHttpResponse response = newHandshakeResponse(
					new DefaultFullHttpRequest(received.protocolVersion(), received.method(), received.uri(),
							Unpooled.EMPTY_BUFFER, received.headers(), EmptyHttpHeaders.INSTANCE),
					null);
			String protocol = response.headers().get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
			if (protocol != null && protocol.isBlank()) {
				// A caller fails the connection at a name that is none.
				response.headers().remove(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);
			}
			return response;
		}

	}

}
