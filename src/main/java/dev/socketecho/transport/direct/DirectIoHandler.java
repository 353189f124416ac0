package dev.socketecho.transport.direct;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketChannel;

/**
 * Netty's epoll with a {@link DirectReceive} in front of each TCP connection. The event
 * loop of a server or client calls it. It also tells the {@link ProcessorTurn} when the
 * event loop polls.
 */
public final class DirectIoHandler extends FrontIoHandler {

	private DirectIoHandler(IoHandler epoll) {
		super(epoll);
	}

	/**
	 * Creates a factory for event loops.
	 * @return a factory; it is Netty's own where {@link StreamCalls} are not available
	 */
	public static IoHandlerFactory newFactory() {
		IoHandlerFactory epoll = EpollIoHandler.newFactory();
		return StreamCalls.isAvailable() ? newFactory(epoll, DirectIoHandler::new) : epoll;
	}

	@Override
	public int run(IoHandlerContext context) {
		ProcessorTurn.ofEventLoop().polling();
		return super.run(context);
	}

	@Override
	IoHandle inFrontOf(IoHandle handle) {
		return (handle instanceof EpollIoHandle epollHandle && handle instanceof Channel.Unsafe unsafe
				&& unsafe.voidPromise().channel() instanceof SocketChannel channel)
						? new DirectReceive(epollHandle, channel) : handle;
	}

	@Override
	IoRegistration registered(IoHandle handle, IoRegistration registration) {
		return new KeptRegistration(registration, (handle instanceof DirectReceive receive) ? receive : null);
	}

}
