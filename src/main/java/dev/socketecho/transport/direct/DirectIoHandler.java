package dev.socketecho.transport.direct;

import io.netty.channel.Channel;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.socket.SocketChannel;

/**
 * Netty's epoll, with a {@link DirectReceive} in front of each connection. It also marks
 * the turns of the event loop, for its {@link ProcessorTurn}.
 */
public final class DirectIoHandler extends FrontIoHandler {

	private DirectIoHandler(IoHandler epoll) {
		super(epoll);
	}

	/**
	 * Creates a factory.
	 * @return a factory; plain Netty's where the C library cannot be called
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

}
