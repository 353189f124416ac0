package dev.socketecho.transport.tcp.accept;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ListenAddress;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The listening socket of one TCP server: its own, or one that was handed over, which
 * other processes have too. {@link Acceptor} opens and closes it. The methods block:
 * event loops do not call them.
 */
final class ListeningSocket {

	private final TcpServerSettings settings;

	private final EventLoops eventLoops;

	private final Channel channel;

	private final boolean inherited;

	private ListeningSocket(TcpServerSettings settings, EventLoops eventLoops, Channel channel, boolean inherited) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.channel = channel;
		this.inherited = inherited;
	}

	/**
	 * Binds and listens, or adopts the socket that was handed over for the server.
	 * @param gate the handler that admits connections
	 * @param initializer builds the pipelines of admitted connections
	 * @throws ServerBindException if that is not possible
	 */
	static ListeningSocket open(TcpServerSettings settings, EventLoops eventLoops, ChannelHandler gate,
			ChannelHandler initializer) {
		Throwable failure;
		try {
			Integer handedOver = eventLoops.inheritedSockets().takeTcp(settings.name(), settings.port());
			ServerBootstrap bootstrap = (handedOver != null) ? eventLoops.adoptingBootstrap(handedOver)
					: eventLoops.serverBootstrap();
			configure(bootstrap, settings, eventLoops);
			bootstrap.handler(gate).childHandler(initializer);
			ChannelFuture opened = (handedOver != null) ? bootstrap.register()
					: bootstrap.bind(ListenAddress.resolve(settings.address(), settings.port()));
			if (opened.awaitUninterruptibly().isSuccess()) {
				return new ListeningSocket(settings, eventLoops, opened.channel(), handedOver != null);
			}
			failure = opened.cause();
		}
		catch (IOException ex) {
			failure = ex;
		}
		String address = settings.address();
		throw new ServerBindException(settings.name(), (address != null) ? address : "*", settings.port(), failure);
	}

	private static void configure(ServerBootstrap bootstrap, TcpServerSettings settings, EventLoops eventLoops) {
		bootstrap.option(ChannelOption.SO_BACKLOG, settings.backlog())
			.childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.childOption(ChannelOption.RECVBUF_ALLOCATOR,
					eventLoops.transport()
						.receiveAllocator(settings.tls() == null && !settings.proxyProtocol(),
								eventLoops.pendingBudget()::isExceeded));
		settings.options().forListener(bootstrap::option, eventLoops.transport().reusePortOption());
		settings.options().forConnection(bootstrap::childOption);
	}

	/**
	 * The server and the address that is bound, for the log. To be called while the
	 * socket is open.
	 */
	String description() {
		InetSocketAddress bound = (InetSocketAddress) Objects.requireNonNull(localAddress());
		return "Server '%s' listens: TCP, address %s, port %d, framing %s%s%s%s".formatted(this.settings.name(),
				NetUtil.toAddressString(bound.getAddress()), bound.getPort(), this.settings.framing().framing().value(),
				this.settings.proxyProtocol() ? ", PROXY protocol" : "", (this.settings.tls() != null) ? ", TLS" : "",
				this.inherited ? ", handed over" : "");
	}

	/**
	 * The address that is bound, {@code null} once the socket is closed.
	 */
	@Nullable SocketAddress localAddress() {
		return this.channel.localAddress();
	}

	/**
	 * Closes the socket. Connections that wait in its queue are accepted first, unless
	 * the socket was handed over: then the next process accepts them.
	 * @param seconds how long to wait at most for the socket, and for each event loop
	 */
	void close(long seconds) {
		this.channel.eventLoop()
			.submit(() -> this.inherited ? this.channel.close() : AcceptQueue.close(this.channel))
			.awaitUninterruptibly(seconds, TimeUnit.SECONDS);
		this.eventLoops.awaitTasks(seconds);
	}

}
