package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts the datagrams that the kernel has dropped because a receive buffer was full, for
 * {@link NioUdpSocket}: the JDK cannot ask a socket for that number. It comes from
 * Linux's list of all UDP sockets, and is the sum of those that are bound to a port.
 * Other systems have no such list; there the count stays 0. Thread-safe.
 */
final class PortDropCounter {

	private static final List<Path> LISTS = List.of(Path.of("/proc/net/udp"), Path.of("/proc/net/udp6"));

	private static final int LOCAL_ADDRESS = 1;

	private static final int DROPS = 12;

	private final String portSuffix;

	private final List<Path> lists;

	private long last;

	/**
	 * Creates a counter.
	 * @param port the port whose sockets are counted
	 */
	PortDropCounter(int port) {
		this(port, LISTS);
	}

	PortDropCounter(int port, List<Path> lists) {
		this.portSuffix = ":%04X".formatted(port);
		this.lists = lists;
	}

	/**
	 * Reads the count. Once the sockets are closed it stays at the last one that was
	 * read.
	 */
	synchronized long read() {
		long drops = 0;
		for (Path list : this.lists) {
			try (Stream<String> lines = Files.lines(list)) {
				drops += lines.map((line) -> line.strip().split("\\s+"))
					.filter((fields) -> fields.length > DROPS && fields[LOCAL_ADDRESS].endsWith(this.portSuffix))
					.mapToLong((fields) -> Long.parseLong(fields[DROPS]))
					.sum();
			}
			catch (IOException | RuntimeException ex) {
				// This is not Linux, or there is no IPv6.
			}
		}
		this.last = Math.max(this.last, drops);
		return this.last;
	}

}
