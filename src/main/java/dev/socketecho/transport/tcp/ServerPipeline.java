package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiFunction;

import dev.socketecho.telemetry.ServerRecorder;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.tls.ServerTlsMonitor;
import dev.socketecho.tls.TlsHandshakeGuard;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Builds the pipelines of accepted connections: at once, or where connections come by way
 * of a proxy, when it has named the source.
 */
final class ServerPipeline extends ChannelInitializer<SocketChannel> {

	private final TcpServerSettings settings;

	private final ProxiedConnections proxied;

	private final BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections;

	/**
	 * Creates an instance.
	 * @param sources decides about sources that a proxy has named
	 * @param connections makes a connection of a socket and its source
	 */
	ServerPipeline(TcpServerSettings settings, SourceGate sources, ServerRecorder recorder,
			BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections) {
		this.settings = settings;
		this.proxied = new ProxiedConnections(settings, sources, recorder, this::build);
		this.connections = connections;
	}

	@Override
	protected void initChannel(SocketChannel channel) {
		if (this.settings.proxyProtocol()) {
			this.proxied.accept(channel);
		}
		else {
			build(channel, channel.remoteAddress());
		}
	}

	private void build(SocketChannel channel, InetSocketAddress source) {
		NettyTcpConnection connection = this.connections.apply(channel, source);
		try {
			build(channel, connection);
		}
		catch (Throwable ex) {
			// Nobody else would tell that it is no more.
			connection.life().closed();
			throw ex;
		}
	}

	private void build(SocketChannel channel, NettyTcpConnection connection) {
		long idleNanos = this.settings.idleTimeout().toNanos();
		if (idleNanos > 0) {
			new IdleTimeout(channel, connection.traffic(), idleNanos, connection.life()::idle).start();
		}
		ServerTls tls = this.settings.tls();
		if (tls != null) {
			addTls(channel.pipeline(), connection, tls);
		}
		ConnectionHandler.add(channel.pipeline(), connection, this.settings.framing());
	}

	private void addTls(ChannelPipeline pipeline, NettyTcpConnection connection, ServerTls tls) {
		Duration lingerTimeout = this.settings.lingerTimeout();
		SslHandler handler = tls.newHandler(pipeline.channel().alloc(), lingerTimeout);
		TlsHandshakeGuard guard = new TlsHandshakeGuard(lingerTimeout);
		pipeline.addLast(HandlerNames.TLS_GUARD, guard)
			.addLast(HandlerNames.TLS, handler)
			.addLast(HandlerNames.TLS_MONITOR, new ServerTlsMonitor(connection.life(), handler, guard));
	}

	/**
	 * Lets connections wait for a proxy to name their source.
	 */
	void open() {
		this.proxied.open();
	}

	/**
	 * Ends the connections whose source no proxy has named yet, after a last look for the
	 * name.
	 * @param seconds how long to wait at most until that is done
	 */
	void shutDownProxied(long seconds) {
		this.proxied.shutDown(seconds);
	}

}
