package dev.socketecho.transport.direct;

import java.util.function.UnaryOperator;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's polling, with a handle of ours in front of those that it calls. Like what it
 * stands in front of, it is confined to the event loop.
 */
abstract class FrontIoHandler implements IoHandler {

	private final IoHandler netty;

	FrontIoHandler(IoHandler netty) {
		this.netty = netty;
	}

	/**
	 * Creates a factory.
	 * @param netty Netty's own
	 * @param front puts a handler in front of one of Netty's
	 */
	static IoHandlerFactory newFactory(IoHandlerFactory netty, UnaryOperator<IoHandler> front) {
		return new Factory(netty, front);
	}

	/**
	 * What stands in front of a handle.
	 * @param handle a handle, of a channel or not
	 * @return what the event loop is to call; {@code handle} if nothing stands in front
	 */
	abstract IoHandle inFrontOf(IoHandle handle);

	@Override
	public void initialize() {
		this.netty.initialize();
	}

	@Override
	public int run(IoHandlerContext context) {
		return this.netty.run(context);
	}

	@Override
	public void prepareToDestroy() {
		this.netty.prepareToDestroy();
	}

	@Override
	public void destroy() {
		this.netty.destroy();
	}

	@Override
	public IoRegistration register(IoHandle handle) throws Exception {
		return this.netty.register(inFrontOf(handle));
	}

	@Override
	public void wakeup() {
		this.netty.wakeup();
	}

	@Override
	public boolean isCompatible(Class<? extends IoHandle> handleType) {
		return this.netty.isCompatible(handleType);
	}

	private record Factory(IoHandlerFactory netty, UnaryOperator<IoHandler> front) implements IoHandlerFactory {

		@Override
		public IoHandler newHandler(ThreadAwareExecutor executor) {
			return this.front.apply(this.netty.newHandler(executor));
		}

		@Override
		public boolean isChangingThreadSupported() {
			return this.netty.isChangingThreadSupported();
		}

	}

}
