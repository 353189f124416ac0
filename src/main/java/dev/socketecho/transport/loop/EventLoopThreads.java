package dev.socketecho.transport.loop;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutorChooserFactory;
import io.netty.util.concurrent.ThreadPerTaskExecutor;

/**
 * Threads that run event loops of one transport, and nothing else: {@link EventLoops} has
 * what the sockets of servers and clients share besides.
 */
public final class EventLoopThreads implements AutoCloseable {

	private static final long QUIET_SECONDS = 0;

	private static final long CLOSE_SECONDS = 5;

	private final EventLoopGroup group;

	/**
	 * Starts event loops.
	 * @param type the transport to use
	 * @param threads how many event loops, at least 1
	 * @param name the beginning of their threads' names
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	public EventLoopThreads(TransportType type, int threads, String name) {
		this(IoTransport.of(type).ioHandlers(), threads, name, DefaultEventExecutorChooserFactory.INSTANCE);
	}

	/**
	 * Starts event loops.
	 * @param handlers what they poll with
	 * @param threads how many event loops, at least 1
	 * @param name the beginning of their threads' names
	 * @param chooser which of them get new channels
	 */
	EventLoopThreads(IoHandlerFactory handlers, int threads, String name, EventExecutorChooserFactory chooser) {
		this.group = new MultiThreadIoEventLoopGroup(threads,
				new ThreadPerTaskExecutor(new DefaultThreadFactory(name, true)), chooser, handlers);
	}

	/**
	 * Returns the event loops.
	 * @return the group, which ends with this object
	 */
	public EventLoopGroup group() {
		return this.group;
	}

	/**
	 * Ends the event loops; waits a few seconds at most.
	 */
	@Override
	public void close() {
		this.group.shutdownGracefully(QUIET_SECONDS, CLOSE_SECONDS, TimeUnit.SECONDS)
			.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
	}

}
