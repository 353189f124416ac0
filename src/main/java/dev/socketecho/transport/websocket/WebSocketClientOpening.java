package dev.socketecho.transport.websocket;

import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpScheme;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker13;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake of one connection of a client (RFC 6455, 4.1), without
 * subprotocols and extensions. It sends the request when it is added to the pipeline. A
 * refusal is a {@link CorruptedWebSocketFrameException}, whose message has the status.
 * Frames may follow the server's answer at once: they go on to the handlers that the
 * connection adds.
 */
public final class WebSocketClientOpening extends ChannelInboundHandlerAdapter {

	/** In bytes, for the status line and for all headers. */
	private static final int LONGEST_RESPONSE = 8192;

	private final Handshaker handshaker;

	private final Consumer<ChannelHandlerContext> established;

	private final CompletableFuture<?> opened;

	private @Nullable HttpResponse response;

	private WebSocketClientOpening(Handshaker handshaker, Consumer<ChannelHandlerContext> established,
			CompletableFuture<?> opened) {
		this.handshaker = handshaker;
		this.established = established;
		this.opened = opened;
	}

	/**
	 * Adds the handlers of the handshake, which begins.
	 * @param pipeline the pipeline of a connected socket, after the handshake of TLS
	 * @param authority the server, for the header {@code Host}
	 * @param path the path and query to ask for
	 * @param established called when the handshake has succeeded, with the context of
	 * this handler; adds the handlers of the connection
	 * @param opened completed exceptionally if the handshake fails
	 */
	public static void add(ChannelPipeline pipeline, String authority, String path,
			Consumer<ChannelHandlerContext> established, CompletableFuture<?> opened) {
		HttpDecoderConfig config = new HttpDecoderConfig().setMaxInitialLineLength(LONGEST_RESPONSE)
			.setMaxHeaderSize(LONGEST_RESPONSE);
		pipeline.addLast(WebSocketHandlers.HTTP_DECODER, new HttpResponseDecoder(config))
			.addLast(WebSocketHandlers.HTTP_ENCODER, new HttpRequestEncoder())
			.addLast(WebSocketHandlers.OPENING,
					new WebSocketClientOpening(new Handshaker(authority, path), established, opened));
	}

	/**
	 * Returns the value of the header {@code Host} (RFC 9110, 7.2).
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param tls whether the scheme is {@code wss}
	 * @return the host, an IPv6 address in brackets and without zone, and the port unless
	 * it is the scheme's
	 */
	public static String authority(String host, int port, boolean tls) {
		int zone = host.indexOf('%');
		String name = (host.indexOf(':') < 0) ? host : "[" + ((zone < 0) ? host : host.substring(0, zone)) + "]";
		return (port == (tls ? HttpScheme.HTTPS : HttpScheme.HTTP).port()) ? name : name + ":" + port;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		ctx.writeAndFlush(this.handshaker.newHandshakeRequest(), ctx.voidPromise());
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		try {
			if (message instanceof HttpResponse received) {
				this.response = received;
				check(ctx, received);
			}
			if (message instanceof LastHttpContent && this.response != null && !this.opened.isDone()) {
				open(ctx);
			}
		}
		finally {
			ReferenceCountUtil.release(message);
		}
	}

	private void check(ChannelHandlerContext ctx, HttpResponse received) {
		if (received.decoderResult().isFailure()) {
			Throwable cause = received.decoderResult().cause();
			fail(ctx, (cause instanceof PrematureChannelClosureException) ? new ClosedChannelException()
					: violation("answer to the WebSocket handshake is no HTTP: " + cause.getMessage()));
		}
		else if (!received.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
			fail(ctx, violation("WebSocket handshake refused: " + received.status()));
		}
		else {
			try {
				this.handshaker.verify(received);
			}
			catch (WebSocketHandshakeException ex) {
				fail(ctx, violation(ex.getMessage()));
			}
		}
	}

	private void open(ChannelHandlerContext ctx) {
		ChannelPipeline pipeline = ctx.pipeline();
		pipeline.remove(WebSocketHandlers.HTTP_ENCODER);
		this.established.accept(ctx);
		pipeline.remove(this);
		// Bytes that it has not decoded go on to the handlers of the connection.
		pipeline.remove(WebSocketHandlers.HTTP_DECODER);
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent) {
			fail(ctx, new ClosedChannelException());
		}
		else {
			ctx.fireUserEventTriggered(event);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.opened.completeExceptionally(new ClosedChannelException());
		ctx.fireChannelInactive();
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		fail(ctx, cause);
	}

	private void fail(ChannelHandlerContext ctx, Throwable cause) {
		this.opened.completeExceptionally(cause);
		ctx.close();
	}

	private static CorruptedWebSocketFrameException violation(@Nullable String message) {
		return new CorruptedWebSocketFrameException(WebSocketCloseStatus.PROTOCOL_ERROR, message);
	}

	/**
	 * Makes the request and checks the answer. Netty's handshaker would also send
	 * {@code Origin}, which is for browsers, and does not know host names that are no
	 * part of a URI.
	 */
	private static final class Handshaker extends WebSocketClientHandshaker13 {

		/** What a server may choose from offers (RFC 6455, 4.1). */
		private static final List<AsciiString> CHOICES = List.of(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS,
				HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL);

		private final String authority;

		Handshaker(String authority, String path) {
			super(URI.create("ws://localhost" + path), WebSocketVersion.V13, null, false, EmptyHttpHeaders.INSTANCE,
					Integer.MAX_VALUE);
			this.authority = authority;
		}

		@Override
		protected FullHttpRequest newHandshakeRequest() {
			FullHttpRequest request = super.newHandshakeRequest();
			request.headers().set(HttpHeaderNames.HOST, this.authority).remove(HttpHeaderNames.ORIGIN);
			return request;
		}

		/**
		 * Checks the answer. Netty does not look for extensions and subprotocols that
		 * nobody has offered.
		 */
		void verify(HttpResponse received) {
			verify(new DefaultFullHttpResponse(received.protocolVersion(), received.status(), Unpooled.EMPTY_BUFFER,
					received.headers(), EmptyHttpHeaders.INSTANCE));
			for (AsciiString choice : CHOICES) {
				if (received.headers().getAll(choice).stream().anyMatch((chosen) -> !chosen.isBlank())) {
					throw new WebSocketHandshakeException(
							"the answer has %s, but nothing was offered".formatted(choice));
				}
			}
		}

	}

}
