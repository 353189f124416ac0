package dev.socketecho.transport.direct;

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
 * TLS, of clients and of servers without {@code proxy-protocol}. The input is looked for
 * until it is the first handler. From then on the input itself tells whether a handler
 * was added in front of it: with many connections the pipeline would not be in the
 * processor's caches.
 * <p>
 * Confined to the channel's event loop. The event loop would end on an error, so errors
 * go to the pipeline.
 */
final class DirectReceive implements EpollIoHandle {

	private static final int INPUT = EpollIoOps.EPOLLIN.value();

	private final EpollIoHandle netty;

	private final SocketChannel channel;

	private final ByteBufAllocator allocator;

	private final int socket;

	private boolean reading;

	private @Nullable ReceiveBuffer buffer;

	/** The first handler, once it is one that takes reads from here. */
	private @Nullable DirectInput input;

	/**
	 * Creates a handle in front of another one.
	 * @param netty the channel's own handle
	 * @param channel the channel, on epoll
	 */
	DirectReceive(EpollIoHandle netty, SocketChannel channel) {
		this.netty = netty;
		this.channel = channel;
		this.allocator = channel.alloc();
		this.socket = netty.fd().intValue();
	}

	/**
	 * Sets whether the channel reads. It does not while auto-read is off.
	 * @param reading whether it is interested in input
	 */
	void setReading(boolean reading) {
		this.reading = reading;
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
		DirectInput to = (this.input != null) ? this.input : findInput();
		if (to == null || !this.reading || !to.isFirst()) {
			return false;
		}
		ByteBuf bytes;
		try {
			bytes = Objects.requireNonNull(this.buffer).take(this.allocator);
		}
		catch (OutOfMemoryError ex) {
			// Netty's read loop will have no memory either, and handles that.
			return false;
		}
		int received = bytes.hasMemoryAddress()
				? StreamCalls.receive(this.socket, bytes.memoryAddress(), bytes.capacity()) : 0;
		if (received <= 0) {
			bytes.release();
			return received < 0 && failed(received);
		}
		to.receive(bytes.writerIndex(received));
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
	 * Looks for the input. Before a connection has its handlers there is none, and with
	 * TLS there is never one.
	 */
	private @Nullable DirectInput findInput() {
		ChannelHandlerContext first = this.channel.pipeline().firstContext();
		if (first != null && first.handler() instanceof DirectInput found
				&& this.channel.config().getRecvByteBufAllocator() instanceof SharedReceiveAllocator) {
			this.buffer = ReceiveBuffer.ofEventLoop();
			this.input = found;
		}
		return this.input;
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
