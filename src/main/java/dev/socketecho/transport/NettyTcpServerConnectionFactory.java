package dev.socketecho.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.socketecho.tls.ServerTls;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;

/**
 * A TCP server on Netty, for Spring Integration's stock adapters.
 * <p>
 * Unlike the stock factories it binds in {@link #start()}, on the caller's thread, and
 * throws a {@link ServerBindException} if it cannot. Connections share the process's
 * event loops; nothing is handed to other threads. Interceptor chains, serializers and
 * socket support objects of the stock factories do not apply.
 */
public final class NettyTcpServerConnectionFactory extends AbstractServerConnectionFactory {

	private static final long STOP_SECONDS = 5;

	private final TcpServerSettings settings;

	private final EventLoops eventLoops;

	private final ServerRecorder recorder;

	private final PendingBudget pendingBudget;

	private final SourceGate sources;

	private final ProxiedConnections proxied;

	private final RateLimitedLog warnings;

	private final ConnectionOwner owner = new Owner();

	private volatile @Nullable Channel listener;

	/** Whether another process has the listening socket, too. */
	private volatile boolean inherited;

	/**
	 * Whether connections are to end. One that was accepted just before may be registered
	 * with its event loop after the others were told.
	 */
	private volatile boolean draining;

	/**
	 * Creates a factory.
	 * @param settings what the server is
	 * @param eventLoops the event loops, which outlive the factory
	 * @param recorder what is told of the traffic
	 */
	public NettyTcpServerConnectionFactory(TcpServerSettings settings, EventLoops eventLoops, ServerRecorder recorder) {
		super(settings.port());
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
		this.pendingBudget = eventLoops.pendingBudget();
		this.warnings = new RateLimitedLog(LogFactory.getLog(NettyTcpServerConnectionFactory.class), System::nanoTime);
		this.sources = new SourceGate(settings, new ConnectionAdmission(settings.limits(), System::nanoTime), recorder,
				this.warnings);
		this.proxied = new ProxiedConnections(settings, this.sources, recorder, this::open);
		setBacklog(settings.backlog());
		setSingleUse(settings.closeAfterReply());
		setMapper(new NettyTcpMessageMapper());
	}

	@Override
	public String getComponentType() {
		return "tcp-netty-server-connection-factory";
	}

	/**
	 * Binds and listens.
	 * @throws ServerBindException if that is not possible
	 */
	@Override
	public void start() {
		this.lifecycleMonitor.lock();
		try {
			if (isActive()) {
				return;
			}
			setActive(true);
			this.draining = false;
			try {
				this.listener = bind();
				setListening(true);
			}
			finally {
				setActive(isListening());
			}
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
		if (getServerSocketAddress() instanceof InetSocketAddress bound) {
			this.logger.info(() -> listening(bound));
		}
		publishServerListeningEvent(getPort());
	}

	private String listening(InetSocketAddress bound) {
		return "Server '%s' listens: TCP, address %s, port %d, framing %s%s%s%s".formatted(this.settings.name(),
				NetUtil.toAddressString(bound.getAddress()), bound.getPort(), this.settings.framing().framing().value(),
				this.settings.proxyProtocol() ? ", PROXY protocol" : "", (this.settings.tls() != null) ? ", TLS" : "",
				this.inherited ? ", handed over" : "");
	}

	/**
	 * Does nothing: the event loops accept.
	 */
	@Override
	public void run() {
	}

	private Channel bind() {
		String address = this.settings.address();
		Throwable failure;
		try {
			Integer inherited = this.eventLoops.inheritedSockets().takeTcp(this.settings.name(), this.settings.port());
			this.inherited = inherited != null;
			ChannelFuture bound = (inherited != null)
					? configure(this.eventLoops.adoptingBootstrap(inherited)).register()
					: configure(this.eventLoops.serverBootstrap())
						.bind(ListenAddress.resolve(address, this.settings.port()));
			if (bound.awaitUninterruptibly().isSuccess()) {
				return bound.channel();
			}
			failure = bound.cause();
		}
		catch (IOException ex) {
			failure = ex;
		}
		throw new ServerBindException(this.settings.name(), (address != null) ? address : "*", this.settings.port(),
				failure);
	}

	private ServerBootstrap configure(ServerBootstrap bootstrap) {
		bootstrap.option(ChannelOption.SO_BACKLOG, getBacklog())
			.handler(new AcceptGate(this.settings, this.sources, this.recorder, this.warnings))
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR,
					this.eventLoops.receiveAllocator(this.settings.tls() == null && !this.settings.proxyProtocol()))
			.childHandler(new Initializer());
		this.settings.options().forListener(bootstrap::option, this.eventLoops.reusePortOption());
		this.settings.options().forConnection(bootstrap::childOption);
		return bootstrap;
	}

	/**
	 * Closes the listening socket; connections stay. Those that wait in its queue are
	 * accepted first, unless they wait for the next process that has the socket.
	 */
	public void stopAccepting() {
		Channel channel = this.listener;
		this.listener = null;
		setListening(false);
		if (channel != null) {
			channel.eventLoop()
				.submit(() -> this.inherited ? channel.close() : AcceptQueue.close(channel))
				.awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
			this.eventLoops.awaitTasks(STOP_SECONDS);
		}
		this.proxied.shutDown();
	}

	/**
	 * Stops listening, then lets every connection end: what has been received is
	 * answered, FIN follows.
	 * @return the end, under way
	 */
	public ConnectionDrain drain() {
		this.draining = true;
		stopAccepting();
		return new ConnectionDrain(connections());
	}

	/**
	 * Stops at once: closes the listening socket and every connection.
	 */
	@Override
	public void stop() {
		if (!isActive()) {
			return;
		}
		stopAccepting();
		for (ChannelFuture closed : connections().stream().map((c) -> c.cut(CloseReason.SHUTDOWN)).toList()) {
			closed.awaitUninterruptibly(STOP_SECONDS, TimeUnit.SECONDS);
		}
		super.stop();
	}

	/**
	 * Returns the port: the one that was bound, as long as the server listens.
	 */
	@Override
	public int getPort() {
		return (getServerSocketAddress() instanceof InetSocketAddress bound) ? bound.getPort() : super.getPort();
	}

	@Override
	public @Nullable SocketAddress getServerSocketAddress() {
		Channel channel = this.listener;
		return (channel != null) ? channel.localAddress() : null;
	}

	/**
	 * Returns what the server is.
	 * @return the settings
	 */
	public TcpServerSettings settings() {
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
	 * Returns a connection.
	 * @param id the connection's id
	 * @return the connection, {@code null} if it is not open
	 */
	public @Nullable NettyTcpConnection connection(String id) {
		return (NettyTcpConnection) this.connections.get(id);
	}

	/**
	 * Ends a connection in order. It stays among the open ones until it has ended.
	 * @param connectionId the connection's id
	 * @return whether it was open
	 */
	@Override
	public boolean closeConnection(String connectionId) {
		NettyTcpConnection connection = connection(connectionId);
		if (connection == null) {
			return false;
		}
		connection.close();
		return true;
	}

	/**
	 * Returns how many connections are open.
	 * @return at least 0
	 */
	public int activeConnections() {
		return this.connections.size();
	}

	/**
	 * This server, as its connections see it.
	 */
	private final class Owner implements ConnectionOwner {

		@Override
		public boolean isServer() {
			return true;
		}

		@Override
		public String name() {
			return NettyTcpServerConnectionFactory.this.settings.name();
		}

		@Override
		public String getComponentName() {
			return NettyTcpServerConnectionFactory.this.getComponentName();
		}

		@Override
		public @Nullable ApplicationEventPublisher getApplicationEventPublisher() {
			return NettyTcpServerConnectionFactory.this.getApplicationEventPublisher();
		}

		@Override
		public TrafficRecorder recorder() {
			return NettyTcpServerConnectionFactory.this.recorder;
		}

		@Override
		public PendingBudget pendingBudget() {
			return NettyTcpServerConnectionFactory.this.pendingBudget;
		}

		@Override
		public long maxPendingBytes() {
			return NettyTcpServerConnectionFactory.this.settings.maxPendingBytes();
		}

		@Override
		public Duration lingerTimeout() {
			return NettyTcpServerConnectionFactory.this.settings.lingerTimeout();
		}

		@Override
		public CloseReason stockCloseReason() {
			return isSingleUse() ? CloseReason.REPLY_COMPLETE : CloseReason.OPERATOR;
		}

		@Override
		public RateLimitedLog warnings() {
			return NettyTcpServerConnectionFactory.this.warnings;
		}

		@Override
		public void closed(NettyTcpConnection connection) {
			NettyTcpServerConnectionFactory.this.connections.remove(connection.getConnectionId());
		}

	}

	/**
	 * Builds the pipeline of a connection whose source is known.
	 */
	private void open(SocketChannel channel, InetSocketAddress source) {
		NettyTcpConnection connection = new NettyTcpConnection(this.owner, channel, source);
		connection.registerListener(getListener());
		connection.registerSenders(getSenders());
		connection.setMapper(getMapper());
		addConnection(connection);
		ChannelPipeline pipeline = channel.pipeline();
		long idleNanos = this.settings.idleTimeout().toNanos();
		if (idleNanos > 0) {
			pipeline.addLast(HandlerNames.IDLE, new IdleTimeout(connection.traffic(), idleNanos));
		}
		ServerTls tls = this.settings.tls();
		if (tls != null) {
			addTls(channel, connection, tls);
		}
		pipeline.addLast(HandlerNames.INBOUND_GATE, new InboundGate(connection));
		var decoder = this.settings.framing().newDecoder();
		if (decoder != null) {
			pipeline.addLast(HandlerNames.FRAMES, decoder);
		}
		pipeline.addLast(HandlerNames.CONNECTION, new ConnectionHandler(connection));
		if (this.draining) {
			connection.drain(() -> {
			});
		}
	}

	private void addTls(SocketChannel channel, NettyTcpConnection connection, ServerTls tls) {
		Duration lingerTimeout = this.settings.lingerTimeout();
		SslHandler handler = tls.newHandler(channel.alloc(), lingerTimeout);
		TlsHandshakeGuard guard = new TlsHandshakeGuard(lingerTimeout);
		channel.pipeline()
			.addLast(HandlerNames.TLS_GUARD, guard)
			.addLast(HandlerNames.TLS, handler)
			.addLast(HandlerNames.TLS_MONITOR, new TlsHandshakeMonitor(connection, handler, guard));
	}

	/**
	 * Builds the pipeline of an accepted connection.
	 */
	private final class Initializer extends ChannelInitializer<SocketChannel> {

		@Override
		protected void initChannel(SocketChannel channel) {
			if (NettyTcpServerConnectionFactory.this.settings.proxyProtocol()) {
				NettyTcpServerConnectionFactory.this.proxied.accept(channel);
			}
			else {
				open(channel, channel.remoteAddress());
			}
		}

	}

}
