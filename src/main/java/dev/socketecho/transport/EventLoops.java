package dev.socketecho.transport;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.Future;

/**
 * Event loops that the sockets of servers and clients share, and what goes with them: the
 * channel types, the sockets to be adopted, the lookup of host names, and the budget of
 * what peers do not read.
 */
public final class EventLoops implements AutoCloseable {

	/**
	 * With io_uring, sends are always under way for a moment; so many bytes of them are
	 * no sign of a peer that does not read.
	 */
	private static final long SENDS_UNDER_WAY = 8 * 1024;

	private final TransportType type;

	private final EventLoopThreads threads;

	private final InheritedSockets inheritedSockets;

	private final PendingBudget pendingBudget;

	private final HostResolver resolver;

	/**
	 * Starts event loops.
	 * @param type the transport to use
	 * @param threads how many event loops, at least 1
	 * @param name the beginning of their threads' names
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	public EventLoops(TransportType type, int threads, String name) {
		this(type, threads, name, InheritedSockets.NONE, DefaultEventExecutorChooserFactory.INSTANCE);
	}

	/**
	 * Starts an event loop for each processor that is available.
	 * @param type the transport to use
	 * @param name the beginning of their threads' names
	 * @param inheritedSockets sockets to be adopted instead of being opened
	 * @return the event loops
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 * @throws InheritedSocketException if there are such sockets, and the transport is
	 * not {@link TransportType#EPOLL}
	 */
	public static EventLoops ofAvailableProcessors(TransportType type, String name, InheritedSockets inheritedSockets) {
		return new EventLoops(type, NettyRuntime.availableProcessors(), name, inheritedSockets,
				AvailableProcessorsChooser.factory());
	}

	/**
	 * Starts event loops.
	 * @param type the transport to use
	 * @param threads how many event loops, at least 1
	 * @param name the beginning of their threads' names
	 * @param inheritedSockets sockets to be adopted instead of being opened
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 * @throws InheritedSocketException if there are such sockets, and the transport is
	 * not {@link TransportType#EPOLL}
	 */
	public EventLoops(TransportType type, int threads, String name, InheritedSockets inheritedSockets) {
		this(type, threads, name, inheritedSockets, DefaultEventExecutorChooserFactory.INSTANCE);
	}

	private EventLoops(TransportType type, int threads, String name, InheritedSockets inheritedSockets,
			EventExecutorChooserFactory chooser) {
		this.type = type.resolve();
		if (this.type != TransportType.EPOLL && !inheritedSockets.isEmpty()) {
			throw new InheritedSocketException(
					"sockets were handed over (LISTEN_FDS), which echo.transport=%s cannot take (expected: epoll)"
						.formatted(this.type.value()));
		}
		this.inheritedSockets = inheritedSockets;
		this.threads = new EventLoopThreads(handlers(this.type), threads, name, chooser);
		this.pendingBudget = PendingBudget.ofDirectMemory((this.type == TransportType.IO_URING) ? SENDS_UNDER_WAY : 0);
		this.resolver = new HostResolver(datagramChannelType(), clientChannelType());
	}

	private static IoHandlerFactory handlers(TransportType type) {
		return (type == TransportType.EPOLL) ? DirectIoHandler.newFactory() : EventLoopThreads.handlers(type);
	}

	/**
	 * Returns the transport in use.
	 * @return any but {@link TransportType#AUTO}
	 */
	public TransportType type() {
		return this.type;
	}

	/**
	 * Returns the event loops.
	 * @return the group, which ends with this object
	 */
	public EventLoopGroup group() {
		return this.threads.group();
	}

	PendingBudget pendingBudget() {
		return this.pendingBudget;
	}

	Class<? extends ServerSocketChannel> serverChannelType() {
		return switch (this.type) {
			case EPOLL -> EpollServerSocketChannel.class;
			case IO_URING -> IoUringServerSocketChannel.class;
			case NIO, AUTO -> NioServerSocketChannel.class;
		};
	}

	Class<? extends SocketChannel> clientChannelType() {
		return switch (this.type) {
			case EPOLL -> EpollSocketChannel.class;
			case IO_URING -> IoUringSocketChannel.class;
			case NIO, AUTO -> NioSocketChannel.class;
		};
	}

	Class<? extends DatagramChannel> datagramChannelType() {
		return switch (this.type) {
			case EPOLL -> EpollDatagramChannel.class;
			case IO_URING -> IoUringDatagramChannel.class;
			case NIO, AUTO -> NioDatagramChannel.class;
		};
	}

	/**
	 * Looks up host names.
	 */
	HostResolver resolver() {
		return this.resolver;
	}

	/**
	 * Returns the next event loop, for what is confined to one.
	 * @return an event loop
	 */
	public EventLoop next() {
		return group().next();
	}

	/**
	 * The option that lets several sockets listen on one port, as this transport names
	 * it.
	 */
	ChannelOption<Boolean> reusePortOption() {
		return (this.type == TransportType.NIO) ? NioChannelOption.of(java.net.StandardSocketOptions.SO_REUSEPORT)
				: UnixChannelOption.SO_REUSEPORT;
	}

	/**
	 * Where reads get their buffers.
	 * @param shared whether connections may share one: not where a handler keeps what it
	 * is given, as TLS does
	 */
	RecvByteBufAllocator receiveAllocator(boolean shared) {
		return switch (this.type) {
			case EPOLL -> shared ? new SharedReceiveAllocator() : new PausableReceiveAllocator(true);
			case IO_URING -> new PausableReceiveAllocator(false);
			case NIO, AUTO -> new AdaptiveRecvByteBufAllocator();
		};
	}

	/**
	 * Returns the sockets to be adopted.
	 * @return the sockets
	 */
	public InheritedSockets inheritedSockets() {
		return this.inheritedSockets;
	}

	ServerBootstrap serverBootstrap() {
		return new ServerBootstrap().group(group()).channel(serverChannelType());
	}

	/**
	 * A bootstrap that adopts a listening socket; it is to register, not to bind.
	 * @throws IOException if the socket cannot be adopted
	 */
	ServerBootstrap adoptingBootstrap(int fd) throws IOException {
		FileControl.setNonBlocking(fd);
		return new ServerBootstrap().group(group()).channelFactory(() -> new EpollServerSocketChannel(fd));
	}

	/**
	 * Waits until what the event loops have been given so far is done, such as the
	 * registration of accepted connections. Not for event loops themselves.
	 */
	void awaitTasks(long seconds) {
		List<Future<?>> reached = new ArrayList<>();
		group().forEach((eventLoop) -> reached.add(eventLoop.submit(() -> {
		})));
		reached.forEach((future) -> future.awaitUninterruptibly(seconds, TimeUnit.SECONDS));
	}

	/**
	 * Ends the event loops; waits a few seconds at most.
	 */
	@Override
	public void close() {
		this.resolver.close();
		this.threads.close();
	}

}
