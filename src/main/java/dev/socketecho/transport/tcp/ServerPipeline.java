package dev.socketecho.transport.tcp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;

import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.tls.ServerTlsMonitor;
import dev.socketecho.tls.TlsHandshakeGuard;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;

/**
 * Builds the pipelines of accepted connections, on their event loops: at once, or with
 * the PROXY protocol when the header has named the source.
 */
final class ServerPipeline extends ChannelInitializer<SocketChannel> {

	private final TcpServerSettings settings;

	private final ProxiedConnections proxied;

	private final BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections;

	private final Consumer<NettyTcpConnection> faults;

	/**
	 * Creates an instance.
	 * @param sources admits the sources that PROXY headers name
	 * @param connections creates the connection of a channel with its source
	 * @param faults adds the server's faults to a connection whose pipeline is built
	 */
	ServerPipeline(TcpServerSettings settings, SourceGate sources, TcpServerRecorder recorder,
			BiFunction<SocketChannel, InetSocketAddress, NettyTcpConnection> connections,
			Consumer<NettyTcpConnection> faults) {
		this.settings = settings;
		this.proxied = new ProxiedConnections(settings, sources, recorder, this::build);
		this.connections = connections;
		this.faults = faults;
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
			// The handler that would report the close is not there.
			connection.life().closed();
			throw ex;
		}
	}

	/**
	 * Adds the handlers past the PROXY header, in the order of {@link HandlerNames}.
	 */
	private void build(SocketChannel channel, NettyTcpConnection connection) {
		startIdleTimeout(channel, connection);
		ServerTls tls = this.settings.tls();
		if (tls != null) {
			addTls(channel.pipeline(), connection, tls);
		}
		ConnectionHandler.add(channel.pipeline(), connection, this.settings.framing());
		this.faults.accept(connection);
	}

	private void startIdleTimeout(SocketChannel channel, NettyTcpConnection connection) {
		long nanos = this.settings.idleTimeout().toNanos();
		if (nanos > 0) {
			new IdleTimeout(channel, connection.traffic(), nanos, connection.life()::idle).start();
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

	/**
	 * Lets connections wait for their PROXY header again. Called when the server starts,
	 * as it may have been shut down before.
	 */
	void open() {
		this.proxied.open();
	}

	/**
	 * Closes the connections that still wait for their PROXY header, except those whose
	 * header is already in the socket. Blocks until that is done.
	 * @param seconds how long it blocks at most
	 */
	void shutDownProxied(long seconds) {
		this.proxied.shutDown(seconds);
	}

}
