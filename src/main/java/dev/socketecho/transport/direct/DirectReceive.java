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
 * Receives from a socket past Netty's read loop when bytes have come, and nothing else
 * has happened: what that loop does besides is for other cases, and these go to it (the
 * end of input, errors, reads that are paused). One event is one read, since epoll
 * reports again what is left.
 * <p>
 * For connections that read into the {@link ReceiveBuffer} and whose pipelines begin with
 * a {@link DirectInput}. Confined to the channel's event loop, which calls this directly,
 * and would end on an error: what is thrown goes to the pipeline.
 */
final class DirectReceive implements EpollIoHandle {

	private static final int INPUT = EpollIoOps.EPOLLIN.value();

	private final EpollIoHandle netty;

	private final SocketChannel channel;

	private @Nullable ReceiveBuffer buffer;

	/**
	 * Creates a handle in front of another one.
	 * @param netty the channel's own
	 * @param channel an epoll channel
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
			// Netty's loop will have none either, and knows what to do about it
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
	 * A broken socket says so once: Netty's loop would find the end of input.
	 */
	private boolean failed(int result) {
		if (StreamCalls.isForNow(result)) {
			return false;
		}
		this.channel.pipeline().fireExceptionCaught(Errors.newIOException("recvfrom", result));
		return true;
	}

	/**
	 * Whether the connection reads into the buffer of the event loop.
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
