package dev.socketecho.transport;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll, with a {@link DirectReceive} in front of each connection. It also marks
 * the turns of the event loop, for its {@link ProcessorTurn}.
 */
final class DirectIoHandler implements IoHandler {

	private final IoHandler epoll;

	private DirectIoHandler(IoHandler epoll) {
		this.epoll = epoll;
	}

	/**
	 * Creates a factory.
	 * @return a factory; plain Netty's where the C library cannot be called
	 */
	static IoHandlerFactory newFactory() {
		IoHandlerFactory epoll = EpollIoHandler.newFactory();
		return StreamCalls.isAvailable() ? new Factory(epoll) : epoll;
	}

	@Override
	public void initialize() {
		this.epoll.initialize();
	}

	@Override
	public int run(IoHandlerContext context) {
		ProcessorTurn.ofEventLoop().polling();
		return this.epoll.run(context);
	}

	@Override
	public void prepareToDestroy() {
		this.epoll.prepareToDestroy();
	}

	@Override
	public void destroy() {
		this.epoll.destroy();
	}

	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		return this.epoll.register(directly(handle));
	}

	private static IoHandle directly(IoHandle handle) {
		return (handle instanceof EpollIoHandle epollHandle && handle instanceof Channel.Unsafe unsafe
				&& unsafe.voidPromise().channel() instanceof SocketChannel channel)
						? new DirectReceive(epollHandle, channel) : handle;
	}

	@Override
	public void wakeup() {
		this.epoll.wakeup();
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.epoll.isCompatible(handleType);
	}

	private record Factory(IoHandlerFactory epoll) implements IoHandlerFactory {

		@Override
		public IoHandler newHandler(ThreadAwareExecutor executor) {
			return new DirectIoHandler(this.epoll.newHandler(executor));
		}

		@Override
		public boolean isChangingThreadSupported() {
			return this.epoll.isChangingThreadSupported();
		}

	}

}
