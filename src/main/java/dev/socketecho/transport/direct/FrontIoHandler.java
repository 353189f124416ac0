package dev.socketecho.transport.direct;

import java.util.function.UnaryOperator;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Puts handles of our own in front of the handles of channels. Netty's {@link IoHandler}
 * polls for an event loop and calls a handle for each channel that is ready; the
 * subclasses choose which handle it calls. Confined to the event loop.
 */
abstract class FrontIoHandler implements IoHandler {

	private final IoHandler netty;

	FrontIoHandler(IoHandler netty) {
		this.netty = netty;
	}

	/**
	 * Creates a factory for event loops.
	 * @param netty Netty's own factory
	 * @param front puts a handler in front of one of Netty's
	 */
	static IoHandlerFactory newFactory(IoHandlerFactory netty, UnaryOperator<IoHandler> front) {
		return new Factory(netty, front);
	}

	/**
	 * Returns the handle that is to be called instead of another one.
	 * @param handle the handle of a channel, or of a socket that is no channel
	 * @return the handle to call; {@code handle} itself if nothing stands in front of it
	 */
	abstract IoHandle inFrontOf(IoHandle handle);

	/**
	 * Returns the registration that the channel gets.
	 * @param handle the handle that is called
	 * @param registration Netty's registration of it
	 * @return the registration; {@code registration} itself if nothing stands in front of
	 * it
	 */
	IoRegistration registered(IoHandle handle, IoRegistration registration) {
		return registration;
	}

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
		IoHandle front = inFrontOf(handle);
		return registered(front, this.netty.register(front));
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
