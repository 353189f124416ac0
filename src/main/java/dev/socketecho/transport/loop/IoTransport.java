package dev.socketecho.transport.loop;

import java.net.StandardSocketOptions;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import dev.socketecho.transport.direct.DirectIoHandler;
import dev.socketecho.transport.direct.NativeCalls;
import dev.socketecho.transport.direct.PausableReceiveAllocator;
import dev.socketecho.transport.direct.SharedReceiveAllocator;
import dev.socketecho.transport.direct.UringIoHandler;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Netty's parts for each {@link TransportType} that this machine can have: channel
 * classes, I/O handlers of event loops, receive buffers. {@link EventLoops} chooses one
 * when it starts. The classes that open sockets get it from there.
 */
public enum IoTransport {

	/** Linux epoll. */
	EPOLL(TransportType.EPOLL, EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),

	/** Linux io_uring. */
	IO_URING(TransportType.IO_URING, IoUringServerSocketChannel.class, IoUringSocketChannel.class,
			IoUringDatagramChannel.class),

	/** The JDK's selectors. */
	NIO(TransportType.NIO, NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

	private final TransportType type;

	private final Class<? extends ServerSocketChannel> serverChannelType;

	private final Class<? extends SocketChannel> clientChannelType;

	private final Class<? extends DatagramChannel> datagramChannelType;

	IoTransport(TransportType type, Class<? extends ServerSocketChannel> serverChannelType,
			Class<? extends SocketChannel> clientChannelType, Class<? extends DatagramChannel> datagramChannelType) {
		this.type = type;
		this.serverChannelType = serverChannelType;
		this.clientChannelType = clientChannelType;
		this.datagramChannelType = datagramChannelType;
	}

	/**
	 * Finds the transport of a type on this machine.
	 * @param type the type; {@link TransportType#AUTO} is epoll where that works, and NIO
	 * elsewhere
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	static IoTransport of(TransportType type) {
		if (type == TransportType.AUTO) {
			return (EPOLL.obstacle() == null) ? EPOLL : NIO;
		}
		IoTransport transport = Stream.of(values()).filter((each) -> each.type == type).findFirst().orElseThrow();
		Throwable obstacle = transport.obstacle();
		if (obstacle != null) {
			throw new TransportType.TransportUnavailableException(type, obstacle);
		}
		return transport;
	}

	/**
	 * Returns why this machine does not have this transport, {@code null} if it has it.
	 */
	private @Nullable Throwable obstacle() {
		return switch (this) {
			case EPOLL -> Epoll.isAvailable() ? NativeCalls.unavailabilityCause() : Epoll.unavailabilityCause();
			case IO_URING -> IoUring.isAvailable() ? NativeCalls.unavailabilityCause() : IoUring.unavailabilityCause();
			case NIO -> null;
		};
	}

	TransportType type() {
		return this.type;
	}

	Class<? extends ServerSocketChannel> serverChannelType() {
		return this.serverChannelType;
	}

	/**
	 * Returns the channel class of a TCP client.
	 * @return the class
	 */
	public Class<? extends SocketChannel> clientChannelType() {
		return this.clientChannelType;
	}

	/**
	 * Returns the channel class of a UDP client. UDP servers have sockets of their own.
	 * @return the class
	 */
	public Class<? extends DatagramChannel> datagramChannelType() {
		return this.datagramChannelType;
	}

	/**
	 * Returns a factory of the I/O handlers of event loops.
	 */
	IoHandlerFactory ioHandlers() {
		return switch (this) {
			case EPOLL -> EpollIoHandler.newFactory();
			case IO_URING -> UringIoHandler.newFactory();
			case NIO -> NioIoHandler.newFactory();
		};
	}

	/**
	 * Returns a factory of the I/O handlers of the event loops of echo servers and
	 * clients.
	 */
	IoHandlerFactory directIoHandlers() {
		return (this == EPOLL) ? DirectIoHandler.newFactory() : ioHandlers();
	}

	/**
	 * Returns the option that lets several sockets listen on one port.
	 * @return the option as this transport names it
	 */
	public ChannelOption<Boolean> reusePortOption() {
		return (this == NIO) ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT) : UnixChannelOption.SO_REUSEPORT;
	}

	/**
	 * Returns an allocator of the receive buffers of a TCP connection.
	 * @param shared whether the connections of an event loop may share one buffer. They
	 * may not if a handler keeps the buffers that it is given, as the TLS handler does.
	 * @param scarce whether memory is scarce: reads are short then, except on NIO
	 * @return an allocator for one connection
	 */
	public RecvByteBufAllocator receiveAllocator(boolean shared, BooleanSupplier scarce) {
		return switch (this) {
			case EPOLL -> shared ? new SharedReceiveAllocator(scarce) : new PausableReceiveAllocator(true, scarce);
			case IO_URING -> new PausableReceiveAllocator(false, scarce);
			case NIO -> new AdaptiveRecvByteBufAllocator();
		};
	}

}
