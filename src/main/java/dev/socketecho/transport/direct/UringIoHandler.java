package dev.socketecho.transport.direct;

import io.netty.channel.Channel;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.channel.ServerChannel;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoHandler;

/**
 * Netty's io_uring with a guard in front of each channel. Netty does not catch what the
 * allocation of a receive buffer throws. Without direct memory, the event loop would end.
 * The event loop calls it.
 */
public final class UringIoHandler extends FrontIoHandler {

	private UringIoHandler(IoHandler uring) {
		super(uring);
	}

	/**
	 * Creates a factory for event loops.
	 * @return a factory
	 */
	public static IoHandlerFactory newFactory() {
		return newFactory(IoUringIoHandler.newFactory(), UringIoHandler::new);
	}

	@Override
	IoHandle inFrontOf(IoHandle handle) {
		return (handle instanceof IoUringIoHandle uringHandle && handle instanceof Channel.Unsafe unsafe)
				? new Guard(uringHandle, unsafe.voidPromise().channel()) : handle;
	}

	/**
	 * Reports an error to the channel's handlers. It also closes the channel, because it
	 * would never read again, unless it is a listening socket.
	 */
	@SuppressWarnings("try") // the interface's close() throws Exception
	private record Guard(IoUringIoHandle netty, Channel channel) implements IoUringIoHandle {

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			try {
				this.netty.handle(registration, event);
			}
			catch (Throwable ex) {
				this.channel.pipeline().fireExceptionCaught(ex);
				if (!(this.channel instanceof ServerChannel)) {
					this.channel.close();
				}
			}
		}

		@Override
		public void registered() {
			this.netty.registered();
		}

		@Override
		public void unregistered() {
			this.netty.unregistered();
		}

		@Override
		public void close() throws Exception {
			this.netty.close();
		}

	}

}
