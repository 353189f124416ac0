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
 * The event loops of all echo servers and clients of a process, and what their sockets
 * share: the transport, the sockets that were handed over, the lookup of host names, and
 * the memory for answers that peers do not read. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

	/**
	 * With io_uring a send takes a moment, even if the socket has room. So many bytes are
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
	 * @param type the transport
	 * @param threads how many event loops, at least 1
	 * @param name the prefix of the threads' names
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	public EventLoops(TransportType type, int threads, String name) {
		this(type, threads, name, InheritedSockets.NONE, DefaultEventExecutorChooserFactory.INSTANCE);
	}

	/**
	 * Starts an event loop for each processor that is available.
	 * @param type the transport
	 * @param name the prefix of the threads' names
	 * @param inheritedSockets the sockets that were handed over
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
	 * @param type the transport
	 * @param threads how many event loops, at least 1
	 * @param name the prefix of the threads' names
	 * @param inheritedSockets the sockets that were handed over
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
	 * Starts event loops that look host names up at certain name servers. Tests use it.
	 * @param type the transport
	 * @param threads how many event loops, at least 1
	 * @param name the prefix of the threads' names
	 * @param inheritedSockets the sockets that were handed over
	 * @param chooser chooses the event loop of a new socket
	 * @param nameServers the name servers
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

	/**
	 * Returns Netty's parts for the transport in use.
	 * @return the transport
	 */
	public IoTransport transport() {
		return this.transport;
	}

	/**
	 * Returns the event loops.
	 * @return the group; {@link #close} ends it
	 */
	public EventLoopGroup group() {
		return this.threads.group();
	}

	/**
	 * Returns the memory for answers that peers do not read.
	 * @return the budget that all connections share
	 */
	public PendingBudget pendingBudget() {
		return this.pendingBudget;
	}

	/**
	 * Returns what looks host names up.
	 * @return the resolver
	 */
	public HostResolver resolver() {
		return this.resolver;
	}

	/**
	 * Returns an event loop for a new socket.
	 * @return an event loop
	 */
	public EventLoop next() {
		return group().next();
	}

	/**
	 * Returns the sockets that were handed over.
	 * @return the sockets
	 */
	public InheritedSockets inheritedSockets() {
		return this.inheritedSockets;
	}

	/**
	 * Creates a bootstrap for a listening socket.
	 * @return a bootstrap with event loops and channel class
	 */
	public ServerBootstrap serverBootstrap() {
		return new ServerBootstrap().group(group()).channel(this.transport.serverChannelType());
	}

	/**
	 * Creates a bootstrap for a listening socket that was handed over. Such a socket is
	 * registered, not bound.
	 * @param fd its descriptor
	 * @return a bootstrap with event loops and channel
	 * @throws IOException if the descriptor cannot be used
	 */
	public ServerBootstrap adoptingBootstrap(int fd) throws IOException {
		FileControl.setNonBlocking(fd);
		return new ServerBootstrap().group(group()).channelFactory(() -> new EpollServerSocketChannel(fd));
	}

	/**
	 * Waits until all tasks that the event loops have now are done, such as the
	 * registration of accepted connections. Not to be called on an event loop.
	 * @param seconds how long to wait for each event loop
	 */
	public void awaitTasks(long seconds) {
		List<Future<?>> reached = new ArrayList<>();
		group().forEach((eventLoop) -> reached.add(eventLoop.submit(() -> {
		})));
		reached.forEach((future) -> future.awaitUninterruptibly(seconds, TimeUnit.SECONDS));
	}

	/**
	 * Ends the event loops. Waits up to 5 s for that.
	 */
	@Override
	public void close() {
		this.resolver.close();
		this.threads.close();
	}

}
