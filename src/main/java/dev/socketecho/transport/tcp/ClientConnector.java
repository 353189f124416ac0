package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.tls.ClientTlsHandler;
import dev.socketecho.tls.ClientTlsMonitor;
import dev.socketecho.tls.TlsHandshakeGuard;
import dev.socketecho.transport.loop.ConnectAttempt;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.UnreachableCause;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.websocket.WebSocketClientOpening;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Opens the connections of a client, for {@link NettyTcpClientConnectionFactory}:
 * connects a socket, sends the PROXY header, does the handshakes of TLS and WebSocket,
 * and only then creates the connection. Any failure before that is a failure to connect.
 */
final class ClientConnector {

	private final TcpClientSettings settings;

	private final EventLoops eventLoops;

	private final Duration lingerTimeout;

	private final BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections;

	/**
	 * Creates an instance.
	 * @param lingerTimeout how long the server has, when a connection ends, to read the
	 * last bytes or the alert of a failed handshake
	 * @param connections creates the connection of a socket with its remote address
	 */
	ClientConnector(TcpClientSettings settings, EventLoops eventLoops, Duration lingerTimeout,
			BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.lingerTimeout = lingerTimeout;
		this.connections = connections;
	}

	/**
	 * Opens a connection. May be called by any thread.
	 * @return completes on the event loop; cancel it to give up
	 */
	CompletableFuture<NettyTcpConnection> connect(EventLoop eventLoop) {
		return new ConnectAttempt<NettyTcpConnection>(eventLoop, this.eventLoops.resolver(),
				(remote, local) -> open(eventLoop, remote, local), (connection) -> connection.cut(CloseReason.OPERATOR))
			.start(this.settings.host(), this.settings.port(), this.settings.localAddress(), this.settings.localPort(),
					this.settings.connectTimeout());
	}

	private CompletableFuture<NettyTcpConnection> open(EventLoop eventLoop, InetSocketAddress remote,
			@Nullable InetSocketAddress local) {
		CompletableFuture<NettyTcpConnection> opened = new CompletableFuture<>();
		Bootstrap bootstrap = new Bootstrap().group(eventLoop)
			.channel(this.eventLoops.transport().clientChannelType())
			// ConnectAttempt limits the attempt as a whole.
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
			.option(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.option(ChannelOption.RECVBUF_ALLOCATOR,
					this.eventLoops.transport()
						.receiveAllocator(this.settings.tls() == null, this.eventLoops.pendingBudget()::isExceeded))
			.handler(new Setup(opened, remote));
		this.settings.options().forClient(bootstrap::option, this.settings.localPort() != 0);
		ChannelFuture connect = (local != null) ? bootstrap.connect(remote, local) : bootstrap.connect(remote);
		connect.addListener((done) -> {
			if (!done.isSuccess()) {
				opened.completeExceptionally(UnreachableCause.of(done.cause(), remote));
			}
		});
		opened.whenComplete((_, failed) -> {
			if (failed instanceof CancellationException) {
				// From the first handler on, since TLS would wait for the server.
				connect.channel().pipeline().firstContext().close();
			}
		});
		return opened;
	}

	/**
	 * The first handler of a socket. Builds the pipeline when the socket is connected,
	 * since the PROXY header needs both addresses.
	 */
	private final class Setup extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<NettyTcpConnection> opened;

		private final InetSocketAddress remote;

		Setup(CompletableFuture<NettyTcpConnection> opened, InetSocketAddress remote) {
			this.opened = opened;
			this.remote = remote;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) throws Exception {
			TcpClientSettings client = ClientConnector.this.settings;
			client.proxyProtocol().send(ctx, this.remote);
			SocketChannel channel = (SocketChannel) ctx.channel();
			if (client.tls() == null) {
				secured(ctx);
			}
			else {
				shakeHands(channel, client.tls());
			}
			channel.pipeline().remove(this);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			this.opened.completeExceptionally(cause);
			ctx.close();
		}

		private void shakeHands(SocketChannel channel, ClientTls tls) {
			TcpClientSettings client = ClientConnector.this.settings;
			Duration limit = ClientConnector.this.lingerTimeout;
			ClientTlsHandler handler = tls.newHandler(channel.alloc(), client.host(), client.port(), limit);
			ClientTlsMonitor monitor = new ClientTlsMonitor(handler, this::secured, this.opened);
			// Last, since the handshake begins when its handler is added.
			channel.pipeline()
				.addLast(HandlerNames.TLS_GUARD, new TlsHandshakeGuard(limit))
				.addLast(HandlerNames.TLS_MONITOR, monitor)
				.addBefore(HandlerNames.TLS_MONITOR, HandlerNames.TLS, handler);
		}

		/**
		 * The socket is connected, and its TLS handshake done, if it has one.
		 * @param previous the context of the last handler so far
		 */
		private void secured(ChannelHandlerContext previous) {
			TcpClientSettings client = ClientConnector.this.settings;
			if (client.framing().framing() == Framing.WEBSOCKET) {
				WebSocketClientOpening.add(previous.pipeline(),
						WebSocketClientOpening.authority(client.host(), client.port(), client.tls() != null),
						client.path(), this::established, this.opened);
			}
			else {
				established(previous);
			}
		}

		/**
		 * The handshakes are done: creates the connection.
		 * @param previous the context of the last handler so far
		 */
		private void established(ChannelHandlerContext previous) {
			NettyTcpConnection connection = ClientConnector.this.connections.apply((SocketChannel) previous.channel(),
					this.remote);
			ChannelPipeline pipeline = previous.pipeline();
			ConnectionHandler.add(pipeline, connection, ClientConnector.this.settings.framing());
			if (pipeline.get(HandlerNames.TLS_MONITOR) instanceof ClientTlsMonitor tls) {
				connection.life().secured(tls.session(), tls.nanos());
			}
			previous.fireChannelActive();
			if (!this.opened.complete(connection)) {
				connection.cut(CloseReason.OPERATOR);
			}
		}

	}

}
