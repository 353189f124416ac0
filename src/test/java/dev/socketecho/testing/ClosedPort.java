package dev.socketecho.testing;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A port of 127.0.0.1 on which nobody listens. The kernel gives it to no other socket,
 * nor to the caller's own, which would then connect to itself.
 */
public final class ClosedPort {

	private static final List<Closeable> held = new CopyOnWriteArrayList<>();

	private ClosedPort() {
	}

	/**
	 * Holds a port until the tests end. A server that reuses addresses may still listen
	 * on it.
	 */
	public static int hold() {
		try {
			Socket socket = new Socket();
			socket.setReuseAddress(true);
			socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
			held.add(socket);
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Holds a UDP port until the tests end. Its socket is connected to itself, so the
	 * kernel refuses the datagrams of all others as if no socket were bound.
	 */
	public static int holdUdp() {
		try {
			DatagramSocket socket = new DatagramSocket(0, InetAddress.getByName("127.0.0.1"));
			socket.connect(socket.getLocalSocketAddress());
			held.add(socket);
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
