package dev.socketecho.transport.loop;

import java.net.StandardSocketOptions;

import dev.socketecho.transport.direct.DirectIoHandler;
import dev.socketecho.transport.direct.PausableReceiveAllocator;
import dev.socketecho.transport.direct.SharedReceiveAllocator;
import dev.socketecho.transport.direct.UringIoHandler;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.RecvByteBufAllocator;
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
import io.netty.channel.uring.IoUringDatagramChannel;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;

/**
 * What Netty has for each transport, and what goes with it.
 */
public enum IoTransport {

	EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class, EpollDatagramChannel.class),

	IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class, IoUringDatagramChannel.class),

	NIO(NioServerSocketChannel.class, NioSocketChannel.class, NioDatagramChannel.class);

	private final Class<? extends ServerSocketChannel> serverChannelType;

	private final Class<? extends SocketChannel> clientChannelType;

	private final Class<? extends DatagramChannel> datagramChannelType;

	IoTransport(Class<? extends ServerSocketChannel> serverChannelType,
			Class<? extends SocketChannel> clientChannelType, Class<? extends DatagramChannel> datagramChannelType) {
		this.serverChannelType = serverChannelType;
		this.clientChannelType = clientChannelType;
		this.datagramChannelType = datagramChannelType;
	}

	/**
	 * Finds what a type stands for on this machine.
	 * @throws TransportType.TransportUnavailableException if this machine does not have
	 * the transport
	 */
	static IoTransport of(TransportType type) {
		return switch (type.resolve()) {
			case EPOLL -> EPOLL;
			case IO_URING -> IO_URING;
			case NIO, AUTO -> NIO;
		};
	}

	TransportType type() {
		return switch (this) {
			case EPOLL -> TransportType.EPOLL;
			case IO_URING -> TransportType.IO_URING;
			case NIO -> TransportType.NIO;
		};
	}

	Class<? extends ServerSocketChannel> serverChannelType() {
		return this.serverChannelType;
	}

	public Class<? extends SocketChannel> clientChannelType() {
		return this.clientChannelType;
	}

	public Class<? extends DatagramChannel> datagramChannelType() {
		return this.datagramChannelType;
	}

	/**
	 * What event loops poll with.
	 */
	IoHandlerFactory ioHandlers() {
		return switch (this) {
			case EPOLL -> EpollIoHandler.newFactory();
			case IO_URING -> UringIoHandler.newFactory();
			case NIO -> NioIoHandler.newFactory();
		};
	}

	/**
	 * What the event loops of echo servers and clients poll with.
	 */
	IoHandlerFactory directIoHandlers() {
		return (this == EPOLL) ? DirectIoHandler.newFactory() : ioHandlers();
	}

	/**
	 * The option that lets several sockets listen on one port, as this transport names
	 * it.
	 */
	public ChannelOption<Boolean> reusePortOption() {
		return (this == NIO) ? NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT) : UnixChannelOption.SO_REUSEPORT;
	}

	/**
	 * Where reads get their buffers.
	 * @param shared whether connections may share one: not where a handler keeps what it
	 * is given, as TLS does
	 */
	public RecvByteBufAllocator receiveAllocator(boolean shared) {
		return switch (this) {
			case EPOLL -> shared ? new SharedReceiveAllocator() : new PausableReceiveAllocator(true);
			case IO_URING -> new PausableReceiveAllocator(false);
			case NIO -> new AdaptiveRecvByteBufAllocator();
		};
	}

}
