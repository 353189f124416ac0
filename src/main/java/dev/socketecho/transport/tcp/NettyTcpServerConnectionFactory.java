package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.fault.FaultSet;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.tcp.accept.Acceptor;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.SocketChannel;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;

/**
 * A TCP server on Netty, for Spring Integration's stock adapters.
 * <p>
 * Unlike the stock factories it binds in {@link #start()}, on the caller's thread, and
 * throws a {@link ServerBindException} if it cannot. All connections share the event
 * loops of the process; no message changes its thread. Interceptor chains, serializers
 * and socket support objects of the stock factories do not apply. Thread-safe.
 */
public final class NettyTcpServerConnectionFactory extends AbstractServerConnectionFactory {

	private static final long STOP_SECONDS = 5;

	private final TcpServerSettings settings;

	private final Acceptor acceptor;

	private final ConnectionOwner owner;

	private final TcpServerFaults faults = new TcpServerFaults();

	/**
	 * The drain, while the server stops. A connection that was accepted just before may
	 * open after all others were added.
	 */
	private volatile @Nullable ConnectionDrain drain;

	/**
	 * Creates a factory.
	 * @param settings the server's settings
	 * @param eventLoops the event loops, which outlive the factory
	 * @param recorder counts the traffic
	 */
	public NettyTcpServerConnectionFactory(TcpServerSettings settings, EventLoops eventLoops,
			TcpServerRecorder recorder) {
		super(settings.port());
		this.settings = settings;
		RateLimitedLog warnings = new RateLimitedLog(LogFactory.getLog(NettyTcpServerConnectionFactory.class),
				System::nanoTime);
		ServerPipeline pipeline = new ServerPipeline(settings, this::connection, this.faults::add);
		this.acceptor = new Acceptor(settings, eventLoops, recorder, warnings, pipeline::build);
		this.owner = new ConnectionOwner(this, settings.name(), true, ConnectionOwner.Limits.of(settings, eventLoops),
				MessageOutput.greeting(settings.greeting()),
				settings.closeAfterReply() ? CloseReason.REPLY_COMPLETE : CloseReason.OPERATOR, recorder, warnings,
				(connection) -> this.connections.remove(connection.getConnectionId()));
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
		String listening;
		this.lifecycleMonitor.lock();
		try {
			if (isActive()) {
				return;
			}
			setActive(true);
			this.drain = null;
			try {
				listening = this.acceptor.open();
				setListening(true);
			}
			finally {
				setActive(isListening());
			}
		}
		finally {
			this.lifecycleMonitor.unlock();
		}
		this.logger.info(listening);
		publishServerListeningEvent(getPort());
	}

	/**
	 * Does nothing: the event loops accept.
	 */
	@Override
	public void run() {
	}

	private NettyTcpConnection connection(SocketChannel channel, InetSocketAddress source) {
		NettyTcpConnection connection = new NettyTcpConnection(this.owner, channel, source);
		connection.registerListener(getListener());
		connection.registerSenders(getSenders());
		connection.setMapper(getMapper());
		addConnection(connection);
		ConnectionDrain current = this.drain;
		if (current != null) {
			current.add(connection);
		}
		return connection;
	}

	/**
	 * Replaces the faults that the server commits, on connections that are open, too.
	 * @param next the faults
	 * @return completes when each connection has them
	 */
	public CompletableFuture<Void> setFaults(FaultSet next) {
		return this.faults.set(next, connections());
	}

	/**
	 * Returns the faults that are set.
	 * @return the faults
	 */
	public FaultSet faults() {
		return this.faults.current();
	}

	/**
	 * Closes the listening socket; connections stay open. Those that wait in its queue
	 * are accepted first, unless the socket was handed over: then the next process
	 * accepts them. Blocks for a few seconds at most.
	 */
	public void stopAccepting() {
		setListening(false);
		this.acceptor.close(STOP_SECONDS);
	}

	/**
	 * Stops listening and drains every connection: it is closed with FIN once everything
	 * that the peer has sent so far is answered.
	 * @return the drain, which has begun
	 */
	public ConnectionDrain drain() {
		ConnectionDrain started = new ConnectionDrain();
		this.drain = started;
		stopAccepting();
		connections().forEach(started::add);
		started.complete();
		return started;
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
		long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
		for (ChannelFuture closed : connections().stream().map((c) -> c.cut(CloseReason.SHUTDOWN)).toList()) {
			closed.awaitUninterruptibly(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		super.stop();
	}

	/**
	 * Returns the port: while the server listens the one that is bound, otherwise the
	 * configured one.
	 */
	@Override
	public int getPort() {
		return (getServerSocketAddress() instanceof InetSocketAddress bound) ? bound.getPort() : super.getPort();
	}

	@Override
	public @Nullable SocketAddress getServerSocketAddress() {
		return this.acceptor.localAddress();
	}

	/**
	 * Returns the server's settings.
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
	 * Ends a connection in order. It counts as open until it has ended.
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

}
