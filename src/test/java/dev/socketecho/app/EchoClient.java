package dev.socketecho.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A caller with a blocking socket. No operation blocks for ever.
 */
public final class EchoClient implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 20_000;

	private final Socket socket;

	private EchoClient(Socket socket) {
		this.socket = socket;
	}

	/**
	 * Connects over IPv4 loopback.
	 */
	public static EchoClient connect(int port) throws IOException {
		return connect("127.0.0.1", port);
	}

	/**
	 * Connects to an address.
	 */
	public static EchoClient connect(String address, int port) throws IOException {
		Socket socket = new Socket();
		try {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.setTcpNoDelay(true);
			socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), TIMEOUT_MILLIS);
			return new EchoClient(socket);
		}
		catch (IOException ex) {
			socket.close();
			throw ex;
		}
	}

	/**
	 * This side's port.
	 */
	public int localPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Sends text.
	 */
	public void send(String text) throws IOException {
		send(text.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Sends bytes.
	 */
	public void send(byte[] bytes) throws IOException {
		this.socket.getOutputStream().write(bytes);
	}

	/**
	 * Sends FIN; reading goes on.
	 */
	public void halfClose() throws IOException {
		this.socket.shutdownOutput();
	}

	/**
	 * Reads a number of bytes, fewer only at the end.
	 */
	public String read(int bytes) throws IOException {
		return new String(this.socket.getInputStream().readNBytes(bytes), StandardCharsets.UTF_8);
	}

	/**
	 * Reads what has arrived, at least one byte.
	 * @return how many bytes were read, -1 at the end
	 */
	public int readSome(byte[] buffer) throws IOException {
		return this.socket.getInputStream().read(buffer);
	}

	/**
	 * Reads until the server closes. Fails on a reset.
	 */
	public byte[] readToEnd() throws IOException {
		return this.socket.getInputStream().readAllBytes();
	}

	/**
	 * Reads text until the server closes. Fails on a reset.
	 */
	public String readTextToEnd() throws IOException {
		return new String(readToEnd(), StandardCharsets.UTF_8);
	}

	/**
	 * Sends text and reads as much.
	 */
	public String exchange(String text) throws IOException {
		send(text);
		return read(text.getBytes(StandardCharsets.UTF_8).length);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
