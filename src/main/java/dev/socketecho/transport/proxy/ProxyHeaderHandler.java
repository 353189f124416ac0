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
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has not said yet, by the PROXY protocol, whom it is from. Once it
 * has, this decides whether it may stay, and gives way to the connection proper.
 */
public final class ProxyHeaderHandler extends ChannelInboundHandlerAdapter {

	private static final long TIMEOUT_SECONDS = 3;

	/** Every turn of the event loop reads from the sockets that have something. */
	private static final long LAST_LOOK_MILLIS = 1;

	private final Listener listener;

	private final ProxyHeaderFramer framer;

	private final long begun = Ticker.systemTicker().nanoTime();

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private boolean decided;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable Future<?> timeout;

	public ProxyHeaderHandler(Listener listener, ProxyHeaderFramer framer) {
		this.listener = listener;
		this.framer = framer;
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
	 * Ends the connection, because the server stops, unless its header is in the socket
	 * already: the event loop reads once more before.
	 * @return completes when the connection is ended, or is one proper
	 */
	public CompletableFuture<Void> shutDown() {
		ChannelHandlerContext context = Objects.requireNonNull(this.ctx);
		try {
			context.executor()
				.schedule(() -> fail(context, CloseReason.SHUTDOWN, "shutdown"), LAST_LOOK_MILLIS,
						TimeUnit.MILLISECONDS);
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended, and the connection with it
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
			decided();
			SocketChannel channel = (SocketChannel) ctx.channel();
			if (this.listener.admit(channel, source(channel, header))) {
				ctx.fireChannelActive();
				ctx.pipeline().remove(this);
			}
		}
		finally {
			header.release();
			done();
		}
	}

	/**
	 * The source that the header names. A health check of the proxy (LOCAL), what the
	 * proxy does not know (UNKNOWN) and UNIX sockets have the socket's own.
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
			// A load balancer may only look whether the port is open.
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
			decided();
			this.listener.failed((SocketChannel) ctx.channel(), reason,
					Duration.ofNanos(Ticker.systemTicker().nanoTime() - this.begun), why);
			ctx.close();
			done();
		}
	}

	private void decided() {
		this.decided = true;
		if (this.timeout != null) {
			this.timeout.cancel(false);
		}
	}

	private void done() {
		this.listener.decided(this);
		this.done.complete(null);
	}

	/**
	 * Decides about connections whose header has come, and is told of the others. Called
	 * on the event loops of the connections.
	 */
	public interface Listener {

		/**
		 * A connection waits for its header.
		 * @param handler its handler
		 */
		void waiting(ProxyHeaderHandler handler);

		/**
		 * A connection waits no longer: it was let in, turned away, or has failed.
		 * @param handler its handler
		 */
		void decided(ProxyHeaderHandler handler);

		/**
		 * Lets a connection in, now that its source is known, or turns it away.
		 * @param channel the connection's channel
		 * @param source who it is from
		 * @return whether it is in
		 */
		boolean admit(SocketChannel channel, InetSocketAddress source);

		/**
		 * A connection never came to be one; it is closed after this.
		 * @param channel the connection's channel
		 * @param reason why
		 * @param open how long it was open
		 * @param why the same in words
		 */
		void failed(SocketChannel channel, CloseReason reason, Duration open, String why);

	}

}
