package dev.socketecho.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.netty.channel.unix.Socket;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that a service manager has opened and handed over (sd_listen_fds(3)). The
 * manager keeps them open too, so connections wait in their queue while the service
 * starts or restarts. They are never closed to be opened again. Thread-safe.
 */
public final class InheritedSockets {

	/**
	 * No socket.
	 */
	public static final InheritedSockets NONE = new InheritedSockets(List.of());

	private static final Log logger = LogFactory.getLog(InheritedSockets.class);

	/** SD_LISTEN_FDS_START. */
	private static final int FIRST = 3;

	private static final int SOL_SOCKET = 1;

	private static final int SO_TYPE = 3;

	private static final int SOCK_STREAM = 1;

	private final List<Inherited> sockets;

	private InheritedSockets(List<Inherited> sockets) {
		this.sockets = new ArrayList<>(sockets);
	}

	/**
	 * Reads what was handed over.
	 * @param environment the process's environment: {@code LISTEN_FDS},
	 * {@code LISTEN_PID} and {@code LISTEN_FDNAMES}
	 * @param pid the process's id; sockets for another process are not ours
	 * @return the sockets
	 */
	public static InheritedSockets of(Map<String, String> environment, long pid) {
		return of(environment, pid, FIRST);
	}

	static InheritedSockets of(Map<String, String> environment, long pid, int first) {
		String count = environment.get("LISTEN_FDS");
		if (count == null || !Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
			return NONE;
		}
		String[] names = environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1);
		List<Inherited> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < Integer.parseInt(count); i++) {
				sockets.add(new Inherited(first + i, (i < names.length) ? names[i] : ""));
			}
		}
		catch (NumberFormatException ex) {
			logger.warn("LISTEN_FDS: '%s' (expected: a number)".formatted(count));
		}
		return new InheritedSockets(sockets);
	}

	/**
	 * Gives out a listening TCP socket, once. The name comes first. A manager names a
	 * socket after its unit if it was told no name; so a socket of any name will do that
	 * is bound to the server's port.
	 * @param server the name of the server that it is for
	 * @param port the server's port
	 * @return its descriptor, {@code null} if there is none for the server
	 */
	synchronized @Nullable Integer takeTcp(String server, int port) {
		for (Inherited socket : this.sockets) {
			if (socket.name().equals(server) && socket.isTcp()) {
				this.sockets.remove(socket);
				return socket.fd();
			}
		}
		for (Inherited socket : this.sockets) {
			if (port != 0 && socket.port() == port && socket.isTcp()) {
				this.sockets.remove(socket);
				return socket.fd();
			}
		}
		return null;
	}

	private record Inherited(int fd, String name) {

		boolean isTcp() {
			try {
				return new Socket(this.fd).getIntOpt(SOL_SOCKET, SO_TYPE) == SOCK_STREAM;
			}
			catch (IOException ex) {
				return false;
			}
		}

		int port() {
			InetSocketAddress address = new Socket(this.fd).localAddress();
			return (address != null) ? address.getPort() : -1;
		}

	}

}
