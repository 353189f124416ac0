package dev.socketecho.transport.loop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.socketecho.transport.direct.FileControl;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import io.netty.util.NettyRuntime;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.Future;

/**
 * Event loops that the sockets of servers and clients share, and what goes with them: the
 * transport, the sockets to be adopted, the lookup of host names, and the budget of what
 * peers do not read.
 */
public final class EventLoops implements AutoCloseable {

	/**
	 * With io_uring, sends are always under way for a moment; so many bytes of them are
	 * no sign of a peer that does not read.
	 */
	private static final long SENDS_UNDER_WAY = 8 * 1024;

	private final IoTransport transport;

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
		this(type, threads, name, inheritedSockets, chooser, DnsServerAddressStreamProviders.platformDefault());
	}

	/**
	 * Starts event loops that look host names up where the caller says.
	 */
	public EventLoops(TransportType type, int threads, String name, InheritedSockets inheritedSockets,
			EventExecutorChooserFactory chooser, DnsServerAddressStreamProvider nameServers) {
		this.transport = IoTransport.of(type);
		if (this.transport != IoTransport.EPOLL && !inheritedSockets.isEmpty()) {
			throw new InheritedSocketException(
					"sockets were handed over (LISTEN_FDS), which echo.transport=%s cannot take (expected: epoll)"
						.formatted(this.transport.type().value()));
		}
		this.inheritedSockets = inheritedSockets;
		this.threads = new EventLoopThreads(this.transport.directIoHandlers(), threads, name, chooser);
		this.pendingBudget = PendingBudget
			.ofDirectMemory((this.transport == IoTransport.IO_URING) ? SENDS_UNDER_WAY : 0);
		this.resolver = new HostResolver(this.transport.datagramChannelType(), this.transport.clientChannelType(),
				nameServers);
	}

	/**
	 * Returns the transport in use.
	 * @return any but {@link TransportType#AUTO}
	 */
	public TransportType type() {
		return this.transport.type();
	}

	public IoTransport transport() {
		return this.transport;
	}

	/**
	 * Returns the event loops.
	 * @return the group, which ends with this object
	 */
	public EventLoopGroup group() {
		return this.threads.group();
	}

	public PendingBudget pendingBudget() {
		return this.pendingBudget;
	}

	/**
	 * Looks up host names.
	 */
	public HostResolver resolver() {
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
	 * Returns the sockets to be adopted.
	 * @return the sockets
	 */
	public InheritedSockets inheritedSockets() {
		return this.inheritedSockets;
	}

	public ServerBootstrap serverBootstrap() {
		return new ServerBootstrap().group(group()).channel(this.transport.serverChannelType());
	}

	/**
	 * A bootstrap that adopts a listening socket; it is to register, not to bind.
	 * @throws IOException if the socket cannot be adopted
	 */
	public ServerBootstrap adoptingBootstrap(int fd) throws IOException {
		FileControl.setNonBlocking(fd);
		return new ServerBootstrap().group(group()).channelFactory(() -> new EpollServerSocketChannel(fd));
	}

	/**
	 * Waits until what the event loops have been given so far is done, such as the
	 * registration of accepted connections. Not for event loops themselves.
	 */
	public void awaitTasks(long seconds) {
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
