package dev.socketecho.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiFunction;

import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of a UDP server, or takes over the one that was handed over for it.
 */
final class DatagramSockets {

	private final UdpServerSettings settings;

	private final EventLoops eventLoops;

	private final DatagramAdmission admission;

	private final BiFunction<DatagramIo, IoEventLoop, DatagramPort> ports;

	private @Nullable NioDatagramIo firstNioIo;

	/**
	 * Creates an instance.
	 * @param settings what the server is
	 * @param eventLoops the event loops
	 * @param admission which sources are answered
	 * @param ports makes a port of a socket and its event loop
	 */
	DatagramSockets(UdpServerSettings settings, EventLoops eventLoops, DatagramAdmission admission,
			BiFunction<DatagramIo, IoEventLoop, DatagramPort> ports) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.admission = admission;
		this.ports = ports;
	}

	/**
	 * Binds; nothing is received yet.
	 * @throws ServerBindException if that is not possible
	 */
	DatagramPorts open() {
		List<DatagramPort> opened = new ArrayList<>();
		String address = this.settings.address();
		Integer inherited = this.eventLoops.inheritedSockets().takeUdp(this.settings.name(), this.settings.port());
		try {
			if (inherited != null) {
				IoEventLoop eventLoop = (IoEventLoop) this.eventLoops.next();
				opened.add(this.ports.apply(adopt(inherited), eventLoop));
				return new DatagramPorts(opened, true);
			}
			for (IoEventLoop eventLoop : eventLoopsOfSockets()) {
				int port = opened.isEmpty() ? this.settings.port() : opened.getFirst().localAddress().getPort();
				opened.add(this.ports.apply(bind(ListenAddress.resolve(address, port)), eventLoop));
			}
			return new DatagramPorts(opened, false);
		}
		catch (IOException | RuntimeException ex) {
			opened.forEach(DatagramPort::close);
			throw new ServerBindException("udp", this.settings.name(), (address != null) ? address : "*",
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

	private DatagramIo bind(InetSocketAddress address) throws IOException {
		return switch (this.eventLoops.type()) {
			case EPOLL, IO_URING -> nativeIo(new NativeDatagramSockets(this.settings).open(address), false);
			case NIO, AUTO -> nioIo(NioDatagramSockets.open(this.settings, address));
		};
	}

	private DatagramIo nioIo(DatagramChannel channel) throws IOException {
		NioDatagramIo io = new NioDatagramIo(channel, peers(), this.firstNioIo);
		if (this.firstNioIo == null) {
			this.firstNioIo = io;
		}
		return io;
	}

	private DatagramIo adopt(int fd) throws IOException {
		return nativeIo(new NativeDatagramSockets(this.settings).adopt(fd), true);
	}

	private DatagramIo nativeIo(Socket socket, boolean inherited) throws IOException {
		return new NativeDatagramIo(socket, peers(), this.settings.maxDatagramSize(), inherited);
	}

	private PeerTable peers() {
		return new PeerTable(this.admission, ThreadLocalRandom.current().nextLong());
	}

}
