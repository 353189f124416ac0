package dev.socketecho.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.FastThreadLocal;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.AbstractClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * A TCP client on Netty, for Spring Integration's stock adapters.
 * <p>
 * Connections are made beforehand, with {@link #connect}, and {@link #getConnection()}
 * hands out one that is established: unlike the stock factories it never waits for the
 * network. {@link #select} says which one the current thread gets.
 */
public final class NettyTcpClientConnectionFactory extends AbstractClientConnectionFactory {

	private static final Duration LINGER_TIMEOUT = Duration.ofSeconds(2);

	private final TcpClientSettings settings;

	private final EventLoops eventLoops;

	private final ClientRecorder recorder;

	private final RateLimitedLog warnings;

	private final ConnectionOwner owner = new Owner();

	private final FastThreadLocal<NettyTcpConnection> selected = new FastThreadLocal<>();

	private volatile Consumer<NettyTcpConnection> closedListener = (_) -> {
	};

	/**
	 * Creates a factory.
	 * @param settings what the client is
	 * @param eventLoops the event loops, which outlive the factory
	 * @param recorder what is told of the traffic
	 */
	public NettyTcpClientConnectionFactory(TcpClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		super(settings.host(), settings.port());
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
		this.warnings = new RateLimitedLog(LogFactory.getLog(NettyTcpClientConnectionFactory.class), System::nanoTime);
		setMapper(new NettyTcpMessageMapper());
	}

	@Override
	public String getComponentType() {
		return "tcp-netty-client-connection-factory";
	}

	/**
	 * Makes connections possible; makes none.
	 */
	@Override
	public void start() {
		setActive(true);
	}

	/**
	 * Cuts every connection.
	 */
	@Override
	public void stop() {
		setActive(false);
		connections().forEach((connection) -> connection.cut(CloseReason.SHUTDOWN));
	}

	/**
	 * Makes a connection.
	 * @param eventLoop what it is confined to
	 * @return completes on the event loop; cancelling it gives the attempt up
	 */
	public CompletableFuture<NettyTcpConnection> connect(EventLoop eventLoop) {
		if (!isActive()) {
			return CompletableFuture.failedFuture(new IllegalStateException("client is not started"));
		}
		return new ConnectAttempt<NettyTcpConnection>(eventLoop, this.eventLoops.resolver(),
				(remote, local) -> open(eventLoop, remote, local))
			.start(this.settings.host(), this.settings.port(), this.settings.localAddress(), this.settings.localPort(),
					this.settings.connectTimeout());
	}

	private CompletableFuture<NettyTcpConnection> open(EventLoop eventLoop, InetSocketAddress remote,
			@Nullable InetSocketAddress local) {
		CompletableFuture<NettyTcpConnection> opened = new CompletableFuture<>();
		Bootstrap bootstrap = new Bootstrap().group(eventLoop)
			.channel(this.eventLoops.clientChannelType())
			// The attempt as a whole is limited.
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
			.option(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.option(ChannelOption.RECVBUF_ALLOCATOR, this.eventLoops.receiveAllocator())
			.handler(new ConnectSetup(opened, remote));
		this.settings.options().forClient(bootstrap::option, this.settings.localPort() != 0);
		ChannelFuture connect = (local != null) ? bootstrap.connect(remote, local) : bootstrap.connect(remote);
		connect.addListener((done) -> {
			if (!done.isSuccess()) {
				opened.completeExceptionally(UnreachableCause.of(done.cause(), remote));
			}
		});
		opened.whenComplete((_, failed) -> {
			if (failed != null) {
				connect.channel().close();
			}
		});
		return opened;
	}

	/**
	 * Sends from the current thread through one connection.
	 * @param connection what {@link #getConnection()} returns meanwhile
	 * @param sends calls into the flow that ends in this factory
	 */
	public void select(NettyTcpConnection connection, Runnable sends) {
		this.selected.set(connection);
		try {
			sends.run();
		}
		finally {
			this.selected.remove();
		}
	}

	/**
	 * Returns the selected connection; where none was selected, any that is open.
	 */
	@Override
	protected TcpConnectionSupport obtainConnection() {
		NettyTcpConnection connection = this.selected.getIfExists();
		if (connection != null) {
			return connection;
		}
		return connections().stream()
			.filter(NettyTcpConnection::isOpen)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException(
					"client '%s' has no open connection".formatted(this.settings.name())));
	}

	/**
	 * Says who learns of connections that ended.
	 * @param listener called on the connection's event loop, after its last message
	 */
	public void onClosed(Consumer<NettyTcpConnection> listener) {
		this.closedListener = listener;
	}

	/**
	 * Returns what the client is.
	 * @return the settings
	 */
	public TcpClientSettings settings() {
		return this.settings;
	}

	/**
	 * Returns the open connections.
	 * @return a snapshot
	 */
	public List<NettyTcpConnection> connections() {
		return this.connections.values().stream().map(NettyTcpConnection.class::cast).toList();
	}

	/**
	 * Builds the pipeline once the socket is connected, when both its addresses are
	 * known.
	 */
	private final class ConnectSetup extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<NettyTcpConnection> opened;

		private final InetSocketAddress remote;

		ConnectSetup(CompletableFuture<NettyTcpConnection> opened, InetSocketAddress remote) {
			this.opened = opened;
			this.remote = remote;
		}

		@Override
		public void channelActive(ChannelHandlerContext ctx) {
			NettyTcpConnection connection = new NettyTcpConnection(NettyTcpClientConnectionFactory.this.owner,
					(SocketChannel) ctx.channel(), this.remote);
			initializeConnection(connection);
			ChannelPipeline pipeline = ctx.pipeline();
			pipeline.addLast(HandlerNames.INBOUND_GATE, new InboundGate(connection));
			var decoder = NettyTcpClientConnectionFactory.this.settings.framing().newDecoder();
			if (decoder != null) {
				pipeline.addLast(HandlerNames.FRAMES, decoder);
			}
			pipeline.addLast(HandlerNames.CONNECTION, new ConnectionHandler(connection));
			ctx.fireChannelActive();
			pipeline.remove(this);
			if (!this.opened.complete(connection)) {
				connection.cut(CloseReason.OPERATOR);
			}
		}

		private void initializeConnection(NettyTcpConnection connection) {
			connection.registerListener(getListener());
			connection.registerSenders(getSenders());
			connection.setMapper(getMapper());
			addConnection(connection);
		}

	}

	/**
	 * This client, as its connections see it.
	 */
	private final class Owner implements ConnectionOwner {

		/**
		 * A client always reads: what it sends comes back, and a client that waits with
		 * reading until the server reads deadlocks with it. What is queued is bounded by
		 * the requests that are taken.
		 */
		private final PendingBudget unlimited = new PendingBudget(Long.MAX_VALUE);

		@Override
		public boolean isServer() {
			return false;
		}

		@Override
		public String name() {
			return NettyTcpClientConnectionFactory.this.settings.name();
		}

		@Override
		public String getComponentName() {
			return NettyTcpClientConnectionFactory.this.getComponentName();
		}

		@Override
		public @Nullable ApplicationEventPublisher getApplicationEventPublisher() {
			return NettyTcpClientConnectionFactory.this.getApplicationEventPublisher();
		}

		@Override
		public TrafficRecorder recorder() {
			return NettyTcpClientConnectionFactory.this.recorder;
		}

		@Override
		public PendingBudget pendingBudget() {
			return this.unlimited;
		}

		@Override
		public long maxPendingBytes() {
			return Long.MAX_VALUE;
		}

		@Override
		public Duration lingerTimeout() {
			return LINGER_TIMEOUT;
		}

		@Override
		public CloseReason stockCloseReason() {
			return CloseReason.OPERATOR;
		}

		@Override
		public RateLimitedLog warnings() {
			return NettyTcpClientConnectionFactory.this.warnings;
		}

		@Override
		public void closed(NettyTcpConnection connection) {
			NettyTcpClientConnectionFactory.this.connections.remove(connection.getConnectionId());
			NettyTcpClientConnectionFactory.this.closedListener.accept(connection);
		}

	}

}
