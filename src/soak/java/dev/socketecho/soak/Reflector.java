package dev.socketecho.soak;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

import javax.net.ServerSocketFactory;

/**
 * The server that the service's own clients and probes call: sends everything back, and
 * records when it was called.
 */
final class Reflector implements Closeable {

	private static final int LONGEST = 65_536;

	private static final int BACKLOG = 1024;

	private final Pace pace = new Pace();

	private final Closeable socket;

	private final int port;

	private Reflector(Closeable socket, int port) {
		this.socket = socket;
		this.port = port;
	}

	static Reflector tcp(ServerSocketFactory sockets) throws IOException {
		ServerSocket listener = sockets.createServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
		Reflector reflector = new Reflector(listener, listener.getLocalPort());
		Thread.ofVirtual().start(() -> reflector.accept(listener));
		return reflector;
	}

	static Reflector udp() throws IOException {
		DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		Reflector reflector = new Reflector(socket, socket.getLocalPort());
		Thread.ofVirtual().start(() -> reflector.reflect(socket));
		return reflector;
	}

	int port() {
		return this.port;
	}

	/**
	 * The times of connections or datagrams.
	 */
	Pace pace() {
		return this.pace;
	}

	private void accept(ServerSocket listener) {
		try {
			while (true) {
				Socket caller = listener.accept();
				this.pace.beat();
				Thread.ofVirtual().start(() -> reflect(caller));
			}
		}
		catch (IOException ex) {
			// The soak has ended
		}
	}

	private static void reflect(Socket caller) {
		try (caller) {
			caller.getInputStream().transferTo(caller.getOutputStream());
		}
		catch (IOException ex) {
			// The caller has closed
		}
	}

	private void reflect(DatagramSocket socket) {
		try {
			while (true) {
				DatagramPacket datagram = new DatagramPacket(new byte[LONGEST], LONGEST);
				socket.receive(datagram);
				this.pace.beat();
				socket.send(datagram);
			}
		}
		catch (IOException ex) {
			// The soak has ended
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
