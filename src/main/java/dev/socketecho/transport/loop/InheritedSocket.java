package dev.socketecho.transport.loop;

import java.io.IOException;
import java.net.InetSocketAddress;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * A file descriptor that a service manager has handed over. {@link InheritedSockets} has
 * all of them.
 *
 * @param fd the descriptor
 * @param name the manager's name for it; may be empty
 * @param kind what it is
 * @param address where it is bound, {@code null} if it is not a TCP or UDP socket
 */
public record InheritedSocket(int fd, String name, Kind kind, @Nullable InetSocketAddress address) {

	private static final int SOL_SOCKET = 1;

	private static final int SO_TYPE = 3;

	private static final int SO_ACCEPTCONN = 30;

	private static final int SO_DOMAIN = 39;

	private static final int SOCK_STREAM = 1;

	private static final int SOCK_DGRAM = 2;

	private static final int AF_INET = 2;

	private static final int AF_INET6 = 10;

	/**
	 * Finds out what a descriptor is.
	 */
	static InheritedSocket of(int fd, String name) {
		try {
			Socket socket = new Socket(fd);
			Kind kind = kind(socket);
			return new InheritedSocket(fd, name, kind, (kind.isInternet()) ? socket.localAddress() : null);
		}
		catch (IOException | ChannelException ex) {
			return new InheritedSocket(fd, name, Kind.NO_SOCKET, null);
		}
	}

	private static Kind kind(Socket socket) throws IOException {
		int domain = socket.getIntOpt(SOL_SOCKET, SO_DOMAIN);
		if (domain != AF_INET && domain != AF_INET6) {
			return Kind.OTHER_FAMILY;
		}
		return switch (socket.getIntOpt(SOL_SOCKET, SO_TYPE)) {
			case SOCK_STREAM ->
				(socket.getIntOpt(SOL_SOCKET, SO_ACCEPTCONN) != 0) ? Kind.TCP_LISTENER : Kind.TCP_CONNECTION;
			case SOCK_DGRAM -> Kind.UDP;
			default -> Kind.OTHER_FAMILY;
		};
	}

	/**
	 * Returns whether a socket is of the IPv6 family, which carries IPv4, too.
	 * @param socket the socket
	 * @return whether it is of the IPv6 family
	 * @throws IOException if it is not an open socket
	 */
	public static boolean isIpv6(Socket socket) throws IOException {
		return socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) == AF_INET6;
	}

	boolean isBoundTo(int port) {
		return this.address != null && this.address.getPort() == port;
	}

	@Override
	public String toString() {
		return "file descriptor %d%s, %s%s".formatted(this.fd, this.name.isEmpty() ? "" : " ('" + this.name + "')",
				this.kind.description,
				(this.address != null) ? " on " + NetUtil.toSocketAddressString(this.address) : "");
	}

	/**
	 * What a descriptor is.
	 */
	enum Kind {

		/** For a TCP server. */
		TCP_LISTENER("a listening TCP socket"),

		/** For a UDP server. */
		UDP("a UDP socket"),

		/** A connection that the manager has accepted, or a socket that is only bound. */
		TCP_CONNECTION("a TCP socket that does not listen"),

		/** For example a Unix domain socket. */
		OTHER_FAMILY("a socket that is neither TCP nor UDP"),

		/** For example a FIFO, or a descriptor that is not open. */
		NO_SOCKET("no socket");

		private final String description;

		Kind(String description) {
			this.description = description;
		}

		String description() {
			return this.description;
		}

		private boolean isInternet() {
			return this != OTHER_FAMILY && this != NO_SOCKET;
		}

	}

}
