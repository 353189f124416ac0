package dev.socketecho.transport.direct;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.IoEvent;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.FileDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Receives from a TCP socket without Netty's read loop. The event loop calls it for each
 * event of a connection. If the event is input and nothing else, it makes one system call
 * and gives the bytes to the {@link DirectInput} at the beginning of the pipeline. One
 * read is enough, because epoll reports again if bytes are left.
 * <p>
 * Netty's read loop handles all other cases: the end of input, events with an error or a
 * hang-up, paused reads. An error of the system call itself goes to the pipeline.
 * <p>
 * It is for connections on epoll that use the {@link ReceiveBuffer}: connections without
 * TLS, of clients and of servers without {@code proxy-protocol}. The first handler is
 * looked up at each read, so that a handler that is added in front of the input is never
 * skipped.
 * <p>
 * Confined to the channel's event loop. The event loop would end on an error, so errors
 * go to the pipeline.
 */
final class DirectReceive implements EpollIoHandle {

	private static final int INPUT = EpollIoOps.EPOLLIN.value();

	private final EpollIoHandle netty;

	private final SocketChannel channel;

	private @Nullable ReceiveBuffer buffer;

	/**
	 * Creates a handle in front of another one.
	 * @param netty the channel's own handle
	 * @param channel the channel, on epoll
	 */
	DirectReceive(EpollIoHandle netty, SocketChannel channel) {
		this.netty = netty;
		this.channel = channel;
	}

	@Override
	public void handle(IoRegistration registration, IoEvent event) {
		try {
			if (((EpollIoEvent) event).ops().value() != INPUT || !receive()) {
				this.netty.handle(registration, event);
			}
		}
		catch (Throwable ex) {
			this.channel.pipeline().fireExceptionCaught(ex);
		}
	}

	private boolean receive() {
		ChannelHandlerContext first = this.channel.pipeline().firstContext();
		if (first == null || !(first.handler() instanceof DirectInput input) || !isShared()
				|| !this.channel.config().isAutoRead()) {
			return false;
		}
		ByteBuf bytes;
		try {
			bytes = Objects.requireNonNull(this.buffer).take(this.channel.alloc());
		}
		catch (OutOfMemoryError ex) {
			// Netty's read loop will have no memory either, and handles that.
			return false;
		}
		int received = bytes.hasMemoryAddress()
				? StreamCalls.receive(fd().intValue(), bytes.memoryAddress(), bytes.capacity()) : 0;
		if (received <= 0) {
			bytes.release();
			return received < 0 && failed(received);
		}
		input.receive(first, bytes.writerIndex(received));
		return true;
	}

	/**
	 * Reports an error of the socket to the pipeline. The socket reports it only once:
	 * Netty's read loop would find the end of the input instead.
	 * @return whether there is nothing left to do
	 */
	private boolean failed(int result) {
		if (NativeCalls.isForNow(result)) {
			return false;
		}
		this.channel.pipeline().fireExceptionCaught(Errors.newIOException("recvfrom", result));
		return true;
	}

	/**
	 * Returns whether the connection uses the receive buffer of the event loop.
	 */
	private boolean isShared() {
		if (this.buffer == null && this.channel.config().getRecvByteBufAllocator() instanceof SharedReceiveAllocator) {
			this.buffer = ReceiveBuffer.ofEventLoop();
		}
		return this.buffer != null;
	}

	@Override
	public FileDescriptor fd() {
		return this.netty.fd();
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
	public void close() {
		this.channel.unsafe().close(this.channel.voidPromise());
	}

}
