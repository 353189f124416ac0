package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;

import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpConnectionSupport;

/**
 * What Spring Integration asks of any connection, where a Netty channel is behind it:
 * whose it is, who the peer is, and whom to tell of its life.
 */
abstract class ChannelConnectionSupport extends TcpConnectionSupport {

	private final ConnectionOwner owner;

	private final SocketChannel channel;

	private final InetSocketAddress source;

	ChannelConnectionSupport(ConnectionOwner owner, SocketChannel channel, InetSocketAddress source) {
		super(owner.eventPublisher());
		this.owner = owner;
		this.channel = channel;
		this.source = source;
	}

	final ConnectionOwner owner() {
		return this.owner;
	}

	final SocketChannel channel() {
		return this.channel;
	}

	/**
	 * The peer's address, or what a proxy says that it is.
	 */
	final InetSocketAddress source() {
		return this.source;
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
	 * Returns the address: names are not looked up, since that would block.
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
	 * Tells the senders, too.
	 */
	final void publishClosed() {
		super.close();
	}

}
