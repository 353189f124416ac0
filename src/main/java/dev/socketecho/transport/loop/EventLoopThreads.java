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
 * Threads that run event loops. {@link EventLoops} uses it for echo servers and clients.
 * {@code EchoConfiguration} uses it for HTTP.
 */
public final class EventLoopThreads implements AutoCloseable {

	private static final long QUIET_SECONDS = 0;

	private static final long CLOSE_SECONDS = 5;

	private final EventLoopGroup group;

	/**
	 * Starts event loops.
	 * @param type the transport
	 * @param threads how many event loops, at least 1
	 * @param name the prefix of the threads' names
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	public EventLoopThreads(TransportType type, int threads, String name) {
		this(IoTransport.of(type).ioHandlers(), threads, name, DefaultEventExecutorChooserFactory.INSTANCE);
	}

	/**
	 * Starts event loops.
	 * @param handlers the factory of their I/O handlers
	 * @param threads how many event loops, at least 1
	 * @param name the prefix of the threads' names
	 * @param chooser chooses the event loop of a new channel
	 */
	EventLoopThreads(IoHandlerFactory handlers, int threads, String name, EventExecutorChooserFactory chooser) {
		this.group = new MultiThreadIoEventLoopGroup(threads,
				new ThreadPerTaskExecutor(new DefaultThreadFactory(name, true)), chooser, handlers);
	}

	/**
	 * Returns the event loops.
	 * @return the group; {@link #close} ends it
	 */
	public EventLoopGroup group() {
		return this.group;
	}

	/**
	 * Ends the event loops. Waits up to 5 s for that.
	 */
	@Override
	public void close() {
		this.group.shutdownGracefully(QUIET_SECONDS, CLOSE_SECONDS, TimeUnit.SECONDS)
			.awaitUninterruptibly(CLOSE_SECONDS, TimeUnit.SECONDS);
	}

}
