package dev.socketecho.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A plain {@code java.net} server for clients to call.
 */
public final class ClientPeer implements AutoCloseable {

	private final ServerSocket listener;

	private final List<Socket> connections = new CopyOnWriteArrayList<>();

	private final AtomicInteger accepted = new AtomicInteger();

	private ClientPeer(ServerSocket listener, SocketConversation conversation) {
		this.listener = listener;
		Thread.ofVirtual().start(() -> accept(conversation));
	}

	/**
	 * Starts a server on a free port of the loopback address.
	 */
	public static ClientPeer start(Conversation conversation) throws IOException {
		return startOn(0, conversation);
	}

	public static ClientPeer startOn(int port, Conversation conversation) throws IOException {
		ServerSocket listener = new ServerSocket();
		listener.setReuseAddress(true);
		listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
		return startOn(listener,
				(connection) -> conversation.run(connection.getInputStream(), connection.getOutputStream()));
	}

	/**
	 * Starts a server that listens already, and may be one with TLS.
	 */
	public static ClientPeer startOn(ServerSocket listener, SocketConversation conversation) {
		return new ClientPeer(listener, conversation);
	}

	/**
	 * Sends back what comes, until the caller closes.
	 */
	public static void echo(InputStream in, OutputStream out) throws IOException {
		in.transferTo(out);
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	public int accepted() {
		return this.accepted.get();
	}

	/**
	 * Ends every connection with RST.
	 */
	void reset() throws IOException {
		for (Socket connection : this.connections) {
			connection.setSoLinger(true, 0);
			connection.close();
		}
		this.connections.clear();
	}

	private void accept(SocketConversation conversation) {
		try {
			while (true) {
				Socket connection = this.listener.accept();
				this.connections.add(connection);
				if (this.listener.isClosed()) {
					connection.close(); // It was accepted while close() went on.
					return;
				}
				this.accepted.incrementAndGet();
				Thread.ofVirtual().start(() -> converse(connection, conversation));
			}
		}
		catch (IOException ex) {
			// The test has ended.
		}
	}

	private static void converse(Socket connection, SocketConversation conversation) {
		try (connection) {
			conversation.run(connection);
		}
		catch (IOException ex) {
			// The caller has gone.
		}
	}

	@Override
	public void close() {
		try {
			this.listener.close();
			for (Socket connection : this.connections) {
				connection.close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a server does with one connection, which is closed after it.
	 */
	@FunctionalInterface
	public interface Conversation {

		void run(InputStream in, OutputStream out) throws IOException;

	}

	/**
	 * The same, of the socket.
	 */
	@FunctionalInterface
	interface SocketConversation {

		void run(Socket connection) throws IOException;

	}

	/**
	 * Reads up to an end, which is part of what is returned.
	 */
	static byte[] readUntil(InputStream in, String end) throws IOException {
		StringBuilder text = new StringBuilder();
		while (!text.toString().endsWith(end)) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("caller has closed");
			}
			text.append((char) next);
		}
		return text.toString().getBytes(StandardCharsets.UTF_8);
	}

}
