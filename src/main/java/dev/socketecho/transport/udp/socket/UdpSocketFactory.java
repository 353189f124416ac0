package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ListenAddress;
import dev.socketecho.transport.loop.ServerBindException;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of a UDP server, or takes over the one that was handed over for it.
 */
public final class UdpSocketFactory {

	private final UdpSocketSettings settings;

	private final EventLoops eventLoops;

	private final Function<InetAddress, @Nullable DropReason> refusals;

	private @Nullable NioUdpSocket firstNioIo;

	/**
	 * Creates an instance.
	 * @param settings what the server is
	 * @param eventLoops the event loops
	 * @param refusals says why an address never gets an answer
	 */
	public UdpSocketFactory(UdpSocketSettings settings, EventLoops eventLoops,
			Function<InetAddress, @Nullable DropReason> refusals) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.refusals = refusals;
	}

	/**
	 * Binds; nothing is received yet.
	 * @throws ServerBindException if that is not possible
	 */
	public Opened open() {
		List<BoundSocket> opened = new ArrayList<>();
		String address = this.settings.address();
		Integer inherited = this.eventLoops.inheritedSockets().takeUdp(this.settings.server(), this.settings.port());
		try {
			if (inherited != null) {
				opened.add(new BoundSocket(adopt(inherited), (IoEventLoop) this.eventLoops.next()));
				return new Opened(opened, true);
			}
			for (IoEventLoop eventLoop : eventLoopsOfSockets()) {
				int port = opened.isEmpty() ? this.settings.port() : opened.getFirst().io().localAddress().getPort();
				opened.add(new BoundSocket(bind(ListenAddress.resolve(address, port)), eventLoop));
			}
			return new Opened(opened, false);
		}
		catch (IOException | RuntimeException ex) {
			opened.forEach((socket) -> socket.io().close());
			throw new ServerBindException("udp", this.settings.server(), (address != null) ? address : "*",
					this.settings.port(), ex);
		}
	}

	/**
	 * One event loop, or with {@code reuse-port} all of them. Of a datagram to a group
	 * each socket gets a copy, so groups have one socket.
	 */
	private List<IoEventLoop> eventLoopsOfSockets() {
		if (!this.settings.options().reusePort() || !this.settings.multicast().groups().isEmpty()) {
			return List.of((IoEventLoop) this.eventLoops.next());
		}
		List<IoEventLoop> all = new ArrayList<>();
		this.eventLoops.group().forEach((eventLoop) -> all.add((IoEventLoop) eventLoop));
		return all;
	}

	private UdpSocket bind(InetSocketAddress address) throws IOException {
		return switch (this.eventLoops.type()) {
			case EPOLL, IO_URING -> nativeIo(new NativeUdpSocketFactory(this.settings).open(address), false);
			case NIO, AUTO -> nioIo(NioDatagramSockets.open(this.settings, address));
		};
	}

	private UdpSocket nioIo(DatagramChannel channel) throws IOException {
		NioUdpSocket io = new NioUdpSocket(channel, peers(), this.firstNioIo);
		if (this.firstNioIo == null) {
			this.firstNioIo = io;
		}
		return io;
	}

	private UdpSocket adopt(int fd) throws IOException {
		return nativeIo(new NativeUdpSocketFactory(this.settings).adopt(fd), true);
	}

	private UdpSocket nativeIo(Socket socket, boolean inherited) throws IOException {
		return new NativeUdpSocket(socket, peers(), this.settings.maxDatagramSize(), inherited);
	}

	private PeerTable peers() {
		return new PeerTable(this.refusals, ThreadLocalRandom.current().nextLong());
	}

	/**
	 * The sockets of a server.
	 *
	 * @param all at least one, on one port
	 * @param inherited whether another process has them, too
	 */
	public record Opened(List<BoundSocket> all, boolean inherited) {
	}

	/**
	 * A socket and the event loop that is to watch it.
	 *
	 * @param io the socket
	 * @param eventLoop the event loop
	 */
	public record BoundSocket(UdpSocket io, IoEventLoop eventLoop) {
	}

}
