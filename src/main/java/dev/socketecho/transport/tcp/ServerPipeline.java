package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.socketecho.tls.ServerTls;
import dev.socketecho.tls.ServerTlsMonitor;
import dev.socketecho.tls.TlsHandshakeGuard;
import dev.socketecho.transport.tcp.accept.Acceptor;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Builds the pipelines of connections that the {@code Acceptor} has admitted, on their
 * event loops.
 */
final class ServerPipeline {

	private final TcpServerSettings settings;

	private final BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections;

	private final Consumer<NettyTcpConnection> faults;

	/**
	 * Creates an instance.
	 * @param connections creates the connection of a channel with its source
	 * @param faults adds the server's faults to a connection whose pipeline is built
	 */
	ServerPipeline(TcpServerSettings settings,
			BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections,
			Consumer<NettyTcpConnection> faults) {
		this.settings = settings;
		this.connections = connections;
		this.faults = faults;
	}

	/**
	 * Creates the connection of a channel, and builds its pipeline.
	 * @param source the peer's address, or the source that a proxy has named
	 */
	void build(SocketChannel channel, InetSocketAddress source) {
		NettyTcpConnection connection = this.connections.apply(channel, source);
		try {
			build(channel, connection);
		}
		catch (Throwable ex) {
			// The handler that would report the close is not there.
			connection.life().closed();
			throw ex;
		}
	}

	/**
	 * Adds the handlers in the order of {@link HandlerNames}.
	 */
	private void build(SocketChannel channel, NettyTcpConnection connection) {
		startIdleTimeout(connection);
		ServerTls tls = this.settings.tls();
		if (tls != null) {
			addTls(channel.pipeline(), connection, tls);
		}
		ConnectionHandler.add(channel.pipeline(), connection, this.settings.framing());
		this.faults.accept(connection);
	}

	private void startIdleTimeout(NettyTcpConnection connection) {
		long nanos = this.settings.idleTimeout().toNanos();
		if (nanos > 0) {
			connection.life().startIdleTimeout(nanos);
		}
	}

	private void addTls(ChannelPipeline pipeline, NettyTcpConnection connection, ServerTls tls) {
		Duration lingerTimeout = this.settings.lingerTimeout();
		SslHandler handler = tls.newHandler(pipeline.channel().alloc(), lingerTimeout);
		TlsHandshakeGuard guard = new TlsHandshakeGuard(lingerTimeout);
		pipeline.addLast(HandlerNames.TLS_GUARD, guard)
			.addLast(HandlerNames.TLS, handler)
			.addLast(HandlerNames.TLS_MONITOR, new ServerTlsMonitor(connection.life(), handler, guard));
	}

}
