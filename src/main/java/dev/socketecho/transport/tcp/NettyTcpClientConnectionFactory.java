package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.PendingBudget;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.FastThreadLocal;
import org.apache.commons.logging.LogFactory;

import org.springframework.integration.ip.tcp.connection.AbstractClientConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * A TCP client on Netty, for Spring Integration's stock adapters. The echo clients open
 * and pool its connections.
 * <p>
 * {@link #connect} opens a connection. {@link #getConnection()} only returns one that is
 * open: unlike the stock factories it never waits for the network. {@link #select}
 * decides which one the current thread gets. Thread-safe.
 */
public final class NettyTcpClientConnectionFactory extends AbstractClientConnectionFactory {

	/**
	 * How long a server has to see the end of a connection.
	 */
	static final Duration LINGER_TIMEOUT = Duration.ofSeconds(2);

	/**
	 * Clients have no back-pressure: a client that did not read until the server reads
	 * would deadlock with an echo server. The limit on outstanding requests bounds the
	 * queue.
	 */
	private static final ConnectionOwner.Limits LIMITS = new ConnectionOwner.Limits(
			new PendingBudget(Long.MAX_VALUE, Long.MAX_VALUE), Long.MAX_VALUE, LINGER_TIMEOUT, LINGER_TIMEOUT);

	private final TcpClientSettings settings;

	private final ConnectionOwner owner;

	private final ClientConnector connector;

	private final FastThreadLocal<NettyTcpConnection> selected = new FastThreadLocal<>();

	private volatile Consumer<NettyTcpConnection> closedListener = (_) -> {
	};

	/**
	 * Creates a factory.
	 * @param settings the client's settings
	 * @param eventLoops the event loops, which outlive the factory
	 * @param recorder counts the traffic
	 */
	public NettyTcpClientConnectionFactory(TcpClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		super(settings.host(), settings.port());
		this.settings = settings;
		this.owner = new ConnectionOwner(this, settings.name(), false, LIMITS, null, CloseReason.OPERATOR, recorder,
				new RateLimitedLog(LogFactory.getLog(NettyTcpClientConnectionFactory.class), System::nanoTime),
				this::closed);
		this.connector = new ClientConnector(settings, eventLoops, LINGER_TIMEOUT, this::connection);
		setMapper(new NettyTcpMessageMapper());
	}

	@Override
	public String getComponentType() {
		return "tcp-netty-client-connection-factory";
	}

	/**
	 * Allows {@link #connect}; opens no connection.
	 */
	@Override
	public void start() {
		setActive(true);
	}

	/**
	 * Closes every connection at once.
	 */
	@Override
	public void stop() {
		setActive(false);
		connections().forEach((connection) -> connection.cut(CloseReason.SHUTDOWN));
	}

	/**
	 * Opens a connection.
	 * @param eventLoop the event loop that the connection is confined to
	 * @return completes on the event loop; cancel it to give up
	 */
	public CompletableFuture<NettyTcpConnection> connect(EventLoop eventLoop) {
		if (!isActive()) {
			return CompletableFuture.failedFuture(new IllegalStateException("client is not started"));
		}
		return this.connector.connect(eventLoop);
	}

	private NettyTcpConnection connection(SocketChannel channel, InetSocketAddress remote) {
		NettyTcpConnection connection = new NettyTcpConnection(this.owner, channel, remote);
		connection.registerListener(getListener());
		connection.registerSenders(getSenders());
		connection.setMapper(getMapper());
		addConnection(connection);
		return connection;
	}

	private void closed(NettyTcpConnection connection) {
		this.connections.remove(connection.getConnectionId());
		this.closedListener.accept(connection);
	}

	/**
	 * Runs sends of the current thread that go through one connection.
	 * @param connection the connection that {@link #getConnection()} returns meanwhile
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
	 * Returns the selected connection, or any open one if none is selected.
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
	 * Sets the listener to connections that have ended.
	 * @param listener called on the connection's event loop, after its last message
	 */
	public void onClosed(Consumer<NettyTcpConnection> listener) {
		this.closedListener = listener;
	}

	/**
	 * Returns the client's settings.
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

}
