package dev.socketecho.transport.loop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import dev.socketecho.transport.loop.InheritedSocket.Kind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that a service manager has opened and handed over (sd_listen_fds(3)). The
 * manager keeps them open, too: while the service restarts, connections and datagrams
 * wait in their queues. Servers take them when they start. At the end they are closed,
 * but never shut down, which would end them for the manager. Thread-safe.
 */
public final class InheritedSockets {

	/**
	 * No socket.
	 */
	public static final InheritedSockets NONE = new InheritedSockets(0, new String[0], 0);

	private static final Log logger = LogFactory.getLog(InheritedSockets.class);

	/** SD_LISTEN_FDS_START. */
	private static final int FIRST = 3;

	private final int count;

	private final String[] names;

	private final int first;

	private @Nullable List<InheritedSocket> sockets;

	private InheritedSockets(int count, String[] names, int first) {
		this.count = count;
		this.names = names;
		this.first = first;
	}

	/**
	 * Reads from the environment which sockets were handed over.
	 * @param environment the process's environment: {@code LISTEN_FDS},
	 * {@code LISTEN_PID} and {@code LISTEN_FDNAMES}
	 * @param pid the process's id; sockets for another process are ignored
	 * @return the sockets
	 */
	public static InheritedSockets of(Map<String, String> environment, long pid) {
		return of(environment, pid, FIRST);
	}

	static InheritedSockets of(Map<String, String> environment, long pid, int first) {
		String count = environment.get("LISTEN_FDS");
		if (count == null) {
			return NONE;
		}
		String owner = environment.get("LISTEN_PID");
		if (!Long.toString(pid).equals(owner)) {
			logger.warn(("LISTEN_FDS is ignored: LISTEN_PID is %s, and this process is %d. "
					+ "Sockets are for the process that the service manager itself has started")
				.formatted(owner, pid));
			return NONE;
		}
		try {
			return new InheritedSockets(Integer.parseInt(count),
					environment.getOrDefault("LISTEN_FDNAMES", "").split(":", -1), first);
		}
		catch (NumberFormatException ex) {
			logger.warn("LISTEN_FDS: '%s' (expected: a number)".formatted(count));
			return NONE;
		}
	}

	/**
	 * Returns whether no socket was handed over.
	 */
	boolean isEmpty() {
		return this.count <= 0;
	}

	/**
	 * Checks that a socket with the name of a server is one that this server can use.
	 * @param tcpServers the names of the TCP servers
	 * @param udpServers the names of the UDP servers
	 * @throws InheritedSocketException if it cannot
	 */
	public synchronized void check(Set<String> tcpServers, Set<String> udpServers) {
		for (InheritedSocket socket : sockets()) {
			boolean tcp = tcpServers.contains(socket.name());
			boolean udp = udpServers.contains(socket.name());
			boolean fits = (tcp && socket.kind() == Kind.TCP_LISTENER) || (udp && socket.kind() == Kind.UDP);
			if ((tcp || udp) && !fits) {
				throw new InheritedSocketException(
						"%s, was handed over for %s server '%s' (expected: %s)".formatted(socket, tcp ? "TCP" : "UDP",
								socket.name(), (tcp ? Kind.TCP_LISTENER : Kind.UDP).description()));
			}
		}
	}

	/**
	 * Takes the listening TCP socket of a server: the one with the server's name, or else
	 * one that is bound to the server's port. The port counts because a manager names a
	 * socket after its unit if it has no other name. Each socket can be taken once.
	 * @param server the server's name
	 * @param port the server's port
	 * @return its descriptor, {@code null} if there is none for the server
	 */
	public @Nullable Integer takeTcp(String server, int port) {
		return take(Kind.TCP_LISTENER, server, port);
	}

	/**
	 * Takes the UDP socket of a server, by the rules of {@link #takeTcp}.
	 * @param server the server's name
	 * @param port the server's port
	 * @return its descriptor, {@code null} if there is none for the server
	 */
	public @Nullable Integer takeUdp(String server, int port) {
		return take(Kind.UDP, server, port);
	}

	private synchronized @Nullable Integer take(Kind kind, String server, int port) {
		InheritedSocket taken = first((socket) -> socket.kind() == kind && socket.name().equals(server))
			.or(() -> first((socket) -> socket.kind() == kind && port != 0 && socket.isBoundTo(port)))
			.orElse(null);
		if (taken == null) {
			return null;
		}
		sockets().remove(taken);
		return taken.fd();
	}

	private Optional<InheritedSocket> first(Predicate<InheritedSocket> condition) {
		return sockets().stream().filter(condition).findFirst();
	}

	/**
	 * Logs a warning for each socket that no server has taken.
	 */
	public synchronized void warnOfUnused() {
		for (InheritedSocket socket : sockets()) {
			logger.warn("A socket was handed over, but no server has its name or port: %s. Its callers get no answer"
				.formatted(socket));
		}
	}

	/**
	 * Finds out what the descriptors are, when that is needed for the first time: it
	 * needs Netty's native library.
	 */
	private List<InheritedSocket> sockets() {
		List<InheritedSocket> found = this.sockets;
		if (found == null) {
			found = new ArrayList<>();
			for (int i = 0; i < this.count; i++) {
				found.add(InheritedSocket.of(this.first + i, (i < this.names.length) ? this.names[i] : ""));
			}
			this.sockets = found;
		}
		return found;
	}

}
