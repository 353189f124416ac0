package dev.socketecho.transport.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of a connection that waits for its PROXY header. When the header has
 * arrived, the {@link Listener} admits the source and adds the handlers of the
 * connection; then this handler removes itself. Without a valid header within
 * {@value #TIMEOUT_SECONDS} s the connection is closed.
 * <p>
 * Confined to the connection's event loop, except for {@link #shutDown}.
 */
public final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {

	/** Separates the header from the bytes behind it. */
	private static final String FRAMER = "echo.proxyFrame";

	/** Decodes the header. */
	private static final String DECODER = "echo.proxyDecoder";

	/** Waits for the header and has its source admitted. */
	private static final String NAME = "echo.proxy";

	private static final long TIMEOUT_SECONDS = 3;

	/** In this time the event loop polls at least once and reads what is there. */
	private static final long LAST_READ_MILLIS = 1;

	private final Listener listener;

	private final ProxyHeaderFramer framer;

	private final long begun = Ticker.systemTicker().nanoTime();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	/** Whether the connection was admitted or rejected, or has failed. */
	private boolean decided;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable Future<?> timeout;

	private ProxyHeaderHandler(Listener listener, ProxyHeaderFramer framer) {
		this.listener = listener;
		this.framer = framer;
	}

	/**
	 * Adds the handlers that wait for the header of one connection. They are the first
	 * ones, and remove themselves when it has arrived.
	 * @param pipeline the connection's pipeline
	 * @param listener admits the source
	 */
	public static void add(ChannelPipeline pipeline, Listener listener) {
		ProxyHeaderFramer framer = new ProxyHeaderFramer();
		pipeline.addLast(FRAMER, framer)
			.addLast(DECODER, new HAProxyMessageDecoder())
			.addLast(NAME, new ProxyHeaderHandler(listener, framer));
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		this.ctx = ctx;
		this.timeout = ctx.executor()
			.schedule(() -> fail(ctx, CloseReason.PROXY_PROTOCOL, "no header in time"), TIMEOUT_SECONDS,
					TimeUnit.SECONDS);
		this.listener.waiting(this);
	}

	/**
	 * Stops waiting, because the server stops. Gives the event loop
	 * {@value #LAST_READ_MILLIS} ms to read a header that is already in the socket; then
	 * the connection opens. Otherwise it is closed.
	 * @return completes when the connection is closed or open
	 */
	public CompletableFuture<Void> shutDown() {
		ChannelHandlerContext context = Objects.requireNonNull(this.ctx);
		try {
			// A task from another thread that is late runs at once, before the event loop
			// polls. One that the event loop schedules itself runs after that.
			context.executor()
				.execute(() -> context.executor()
					.schedule(() -> fail(context, CloseReason.SHUTDOWN, "shutdown"), LAST_READ_MILLIS,
							TimeUnit.MILLISECONDS));
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended: there is nothing to wait for.
			this.done.complete(null);
		}
		return this.done;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
		if (this.decided || !(message instanceof HAProxyMessage header)) {
			ReferenceCountUtil.release(message);
			return;
		}
		try {
			decide();
			SocketChannel channel = (SocketChannel) ctx.channel();
			if (this.listener.admit(channel, source(channel, header))) {
				ctx.fireChannelActive();
				ctx.pipeline().remove(this);
			}
		}
		catch (Throwable ex) {
			// As Netty's initializer does, which adds the handlers without a header
			ctx.close();
			throw ex;
		}
		finally {
			header.release();
			done();
		}
	}

	/**
	 * The source in the header. Health checks of the proxy (LOCAL), sources that it does
	 * not know (UNKNOWN) and UNIX sockets have none; then it is the socket's address.
	 */
	private static InetSocketAddress source(SocketChannel channel, HAProxyMessage header) throws UnknownHostException {
		byte[] address = (header.sourceAddress() != null)
				? NetUtil.createByteArrayFromIpAddressString(header.sourceAddress()) : null;
		return (address != null) ? new InetSocketAddress(InetAddress.getByAddress(address), header.sourcePort())
				: channel.remoteAddress();
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent) {
			// A load balancer may only check that the port is open.
			fail(ctx, this.framer.isTouched() ? CloseReason.PROXY_PROTOCOL : CloseReason.CLIENT_CLOSED,
					"closed before the header");
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		fail(ctx, (cause instanceof DecoderException) ? CloseReason.PROXY_PROTOCOL : CloseReason.CONNECTION_RESET,
				String.valueOf(cause.getMessage()));
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		fail(ctx, CloseReason.CONNECTION_RESET, "closed");
	}

	private void fail(ChannelHandlerContext ctx, CloseReason reason, String why) {
		if (!this.decided) {
			decide();
			this.listener.failed((SocketChannel) ctx.channel(), reason,
					Duration.ofNanos(Ticker.systemTicker().nanoTime() - this.begun), why);
			ctx.close();
			done();
		}
	}

	private void decide() {
		this.decided = true;
		if (this.timeout != null) {
			this.timeout.cancel(false);
		}
	}

	private void done() {
		this.listener.noLongerWaiting(this);
		this.done.complete(null);
	}

	/**
	 * Admits connections whose header has arrived, and is told of the others. Called on
	 * the event loops of the connections.
	 */
	public interface Listener {

		/**
		 * A connection waits for its header.
		 * @param handler its handler
		 */
		void waiting(ProxyHeaderHandler handler);

		/**
		 * A connection no longer waits: it was admitted, rejected, or has failed.
		 * @param handler its handler
		 */
		void noLongerWaiting(ProxyHeaderHandler handler);

		/**
		 * Admits a connection and adds its handlers, or closes it. It is closed, too, if
		 * this throws.
		 * @param channel the connection's channel
		 * @param source the source in the header
		 * @return whether it is admitted
		 */
		boolean admit(SocketChannel channel, InetSocketAddress source);

		/**
		 * A connection has failed before its header was complete. It is closed after
		 * this.
		 * @param channel the connection's channel
		 * @param reason the reason for the metrics
		 * @param open how long it was open
		 * @param why the reason in words, for the log
		 */
		void failed(SocketChannel channel, CloseReason reason, Duration open, String why);

	}

}
