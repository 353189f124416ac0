package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;

import dev.socketecho.telemetry.CloseReason;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;
import org.springframework.messaging.MessageHeaders;

/**
 * A Netty channel as Spring Integration sees a connection: its owner, its peer, its
 * headers, the events of its life. {@link NettyTcpConnection} adds what moves bytes.
 */
abstract class ChannelConnectionSupport extends TcpConnectionSupport {

	private final ConnectionOwner owner;

	private final SocketChannel channel;

	private final InetSocketAddress source;

	private final MessageHeaders headers;

	private volatile @Nullable CloseReason closeReason;

	private final long openedNanos = Ticker.systemTicker().nanoTime();

	ChannelConnectionSupport(ConnectionOwner owner, SocketChannel channel, InetSocketAddress source) {
		super(owner.eventPublisher());
		this.owner = owner;
		this.channel = channel;
		this.source = source;
		this.headers = new ConnectionHeaders(this, source, channel.localAddress().getAddress());
	}

	final ConnectionOwner owner() {
		return this.owner;
	}

	final SocketChannel channel() {
		return this.channel;
	}

	/**
	 * The peer's address, or the source that a proxy has named.
	 */
	final InetSocketAddress source() {
		return this.source;
	}

	/**
	 * The headers of each message.
	 */
	final MessageHeaders messageHeaders() {
		return this.headers;
	}

	/**
	 * Returns the event loop that the connection is confined to.
	 * @return the event loop
	 */
	public EventLoop eventLoop() {
		return this.channel.eventLoop();
	}

	/**
	 * Runs a task on the event loop. May be called by any thread.
	 * @param refused runs at once instead if the event loop has ended; then the
	 * connection is closed
	 */
	final void execute(Runnable task, Runnable refused) {
		try {
			eventLoop().execute(task);
		}
		catch (RejectedExecutionException ex) {
			refused.run();
		}
	}

	/**
	 * Returns when the connection was opened, by Netty's ticker: unlike the wall clock,
	 * which may be set, this tells which of two connections is older.
	 * @return the time, in ns
	 */
	public long openedNanos() {
		return this.openedNanos;
	}

	/**
	 * Returns why the connection has ended, or is ending.
	 * @return the reason, {@code null} while the connection is not ending
	 */
	public @Nullable CloseReason closeReason() {
		return this.closeReason;
	}

	final void setCloseReason(CloseReason reason) {
		this.closeReason = reason;
	}

	final boolean isClosing() {
		return this.closeReason != null;
	}

	@Override
	public boolean isServer() {
		return this.owner.server();
	}

	@Override
	public String getConnectionFactoryName() {
		return this.owner.componentName();
	}

	@Override
	public String getHostAddress() {
		return this.source.getAddress().getHostAddress();
	}

	/**
	 * Returns the address: looking up the name would block.
	 */
	@Override
	public String getHostName() {
		return getHostAddress();
	}

	@Override
	public int getPort() {
		return this.source.getPort();
	}

	@Override
	public boolean isOpen() {
		return this.channel.isActive();
	}

	@Override
	public @Nullable Object getDeserializerStateKey() {
		return null;
	}

	/**
	 * Does nothing: the event loop drives the connection.
	 */
	@Override
	public void run() {
	}

	final void publishOpened() {
		publishConnectionOpenEvent();
	}

	final void publishFailure(Exception cause) {
		publishConnectionExceptionEvent(cause);
	}

	/**
	 * Publishes the close event and tells the senders.
	 */
	final void publishClosed() {
		super.close();
	}

}
