package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ListenAddress;
import dev.socketecho.transport.loop.ServerBindException;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of a UDP server when it starts, or takes over the one that a service
 * manager has handed over for it. Used for one start, on the thread that starts the
 * server.
 */
public final class UdpSocketFactory {

	private final UdpSocketSettings settings;

	private final EventLoops eventLoops;

	private final Function<InetAddress, @Nullable DropReason> refusals;

	private @Nullable NioUdpSocket firstNioSocket;

	/**
	 * Creates a factory.
	 * @param settings what the sockets need
	 * @param eventLoops the event loops, which also tell the transport
	 * @param refusals returns why an address never gets an answer, {@code null} if it may
	 * get one
	 */
	public UdpSocketFactory(UdpSocketSettings settings, EventLoops eventLoops,
			Function<InetAddress, @Nullable DropReason> refusals) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.refusals = refusals;
	}

	/**
	 * Opens and binds the sockets. They receive nothing until they are attached.
	 * @return the sockets, all of them on one port
	 * @throws ServerBindException if one of them cannot be opened; the others are closed
	 */
	public Opened open() {
		List<BoundSocket> opened = new ArrayList<>();
		String address = this.settings.address();
		Integer inherited = this.eventLoops.inheritedSockets().takeUdp(this.settings.server(), this.settings.port());
		try {
			if (inherited != null) {
				UdpSocket adopted = new NativeUdpSocketFactory(this.settings).adopt(inherited, peers());
				opened.add(new BoundSocket(adopted, (IoEventLoop) this.eventLoops.next()));
				return new Opened(opened, true);
			}
			for (IoEventLoop eventLoop : eventLoopsOfSockets()) {
				int port = opened.isEmpty() ? this.settings.port()
						: opened.getFirst().socket().localAddress().getPort();
				opened.add(new BoundSocket(open(ListenAddress.resolve(address, port)), eventLoop));
			}
			return new Opened(opened, false);
		}
		catch (IOException | RuntimeException ex) {
			opened.forEach((bound) -> bound.socket().close());
			throw new ServerBindException("udp", this.settings.server(), (address != null) ? address : "*",
					this.settings.port(), ex);
		}
	}

	/**
	 * Returns one event loop, or all of them with {@code reuse-port}. A server with
	 * multicast groups has one socket, because each socket would get a copy of a datagram
	 * to a group.
	 */
	private List<IoEventLoop> eventLoopsOfSockets() {
		if (!this.settings.options().reusePort() || !this.settings.multicast().groups().isEmpty()) {
			return List.of((IoEventLoop) this.eventLoops.next());
		}
		List<IoEventLoop> all = new ArrayList<>();
		this.eventLoops.group().forEach((eventLoop) -> all.add((IoEventLoop) eventLoop));
		return all;
	}

	private UdpSocket open(InetSocketAddress address) throws IOException {
		return switch (this.eventLoops.transport()) {
			case EPOLL, IO_URING -> new NativeUdpSocketFactory(this.settings).open(address, peers());
			case NIO -> openNio(address);
		};
	}

	private NioUdpSocket openNio(InetSocketAddress address) throws IOException {
		NioUdpSocket socket = NioUdpSocket.open(this.settings, address, peers(), this.firstNioSocket);
		if (this.firstNioSocket == null) {
			this.firstNioSocket = socket;
		}
		return socket;
	}

	private PeerTable peers() {
		return new PeerTable(this.refusals, ThreadLocalRandom.current().nextLong());
	}

	/**
	 * The sockets of a server.
	 *
	 * @param all at least one socket, all of them on one port
	 * @param inherited whether the socket was handed over, so that another process has
	 * it, too
	 */
	public record Opened(List<BoundSocket> all, boolean inherited) {
	}

	/**
	 * A socket and the event loop that is to watch it.
	 *
	 * @param socket the socket
	 * @param eventLoop the event loop
	 */
	public record BoundSocket(UdpSocket socket, IoEventLoop eventLoop) {
	}

}
