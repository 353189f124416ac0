package dev.socketecho.actuate;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.handler.timeout.WriteTimeoutHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;

/**
 * Limits the HTTP connections, so that they cannot use up the file descriptors that the
 * echo servers need: how many are open, how long one may take to send a request, and how
 * long a caller may take to read. Making an answer has no limit.
 * <p>
 * Applied to each HTTP server, also to that of a management port; all of them share the
 * number. The handlers run on the event loops of HTTP.
 */
public final class HttpConnectionLimits implements NettyServerCustomizer {

	private static final String TIMEOUT = "requestTimeout";

	private final int maxConnections;

	private final Duration timeout;

	private final AtomicInteger open = new AtomicInteger();

	/**
	 * Creates the limits.
	 * @param maxConnections how many connections may be open; one more is closed at once
	 * @param timeout how long a request may take to arrive whole, and a written answer to
	 * be read
	 */
	public HttpConnectionLimits(int maxConnections, Duration timeout) {
		this.maxConnections = maxConnections;
		this.timeout = timeout;
	}

	@Override
	public HttpServer apply(HttpServer server) {
		return server.doOnChannelInit((_, channel, _) -> initialize(channel));
	}

	private void initialize(Channel channel) {
		boolean admitted = this.open.incrementAndGet() <= this.maxConnections;
		channel.closeFuture().addListener((_) -> this.open.decrementAndGet());
		if (!admitted) {
			channel.close();
			return;
		}
		if (channel.pipeline().get(NettyPipeline.HttpCodec) != null) {
			channel.pipeline().addAfter(NettyPipeline.HttpCodec, TIMEOUT, new RequestTimeout(this.timeout));
		}
		else {
			// The connection may become HTTP/2. Its codec is added later, and its
			// requests do not pass here.
			channel.pipeline().addFirst(new SilenceTimeout(this.timeout));
		}
		channel.pipeline().addFirst(new WriteTimeoutHandler(this.timeout.toNanos(), TimeUnit.NANOSECONDS));
	}

	/**
	 * Closes a connection after so long without a byte in either direction.
	 */
	private static final class SilenceTimeout extends IdleStateHandler {

		SilenceTimeout(Duration timeout) {
			super(0, 0, timeout.toNanos(), TimeUnit.NANOSECONDS);
		}

		@Override
		protected void channelIdle(ChannelHandlerContext ctx, IdleStateEvent event) {
			ctx.close();
		}

	}

	/**
	 * Closes a connection whose next request does not arrive whole in time. The time
	 * starts with the connection, and again when all whole requests are answered.
	 */
	private static final class RequestTimeout extends ChannelDuplexHandler {

		private final Duration timeout;

		private @Nullable Future<?> closing;

		/**
		 * Whole requests minus answers. It is below 0 after an answer to a request that
		 * is not whole yet.
		 */
		private int unanswered;

		RequestTimeout(Duration timeout) {
			this.timeout = timeout;
		}

		@Override
		public void handlerAdded(ChannelHandlerContext ctx) {
			begin(ctx);
		}

		@Override
		public void handlerRemoved(ChannelHandlerContext ctx) {
			end();
		}

		@Override
		public void channelInactive(ChannelHandlerContext ctx) {
			end();
			ctx.fireChannelInactive();
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			if (message instanceof LastHttpContent && ++this.unanswered > 0) {
				end();
			}
			ctx.fireChannelRead(message);
		}

		@Override
		public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
			if (message instanceof LastHttpContent && !isInformational(message) && --this.unanswered <= 0) {
				begin(ctx);
			}
			ctx.write(message, promise);
		}

		/** A status such as 100 (Continue) is not the answer yet (RFC 9110, 15.2). */
		private static boolean isInformational(Object message) {
			return message instanceof HttpResponse response
					&& response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
		}

		private void begin(ChannelHandlerContext ctx) {
			end();
			this.closing = ctx.executor()
				.schedule(() -> ctx.channel().close(), this.timeout.toNanos(), TimeUnit.NANOSECONDS);
		}

		private void end() {
			if (this.closing != null) {
				this.closing.cancel(false);
				this.closing = null;
			}
		}

	}

}
