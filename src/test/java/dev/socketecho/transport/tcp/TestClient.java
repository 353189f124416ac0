package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * A peer on a plain JDK socket. Text stands for its ISO 8859-1 bytes.
 */
public final class TestClient implements AutoCloseable {

	/** No test waits so long; without it a failure would be the whole class's timeout. */
	private static final int READ_TIMEOUT_MILLIS = 20_000;

	private final Socket socket = new Socket();

	public TestClient(String address, int port) {
		this(address, port, null, 0);
	}

	/**
	 * Connects.
	 * @param local the address to connect from, {@code null} for any
	 * @param receiveBufferSize the receive buffer's size in bytes, 0 for the system's
	 */
	public TestClient(String address, int port, @Nullable String local, int receiveBufferSize) {
		try {
			if (local != null) {
				this.socket.bind(new InetSocketAddress(local, 0));
			}
			if (receiveBufferSize > 0) {
				this.socket.setReceiveBufferSize(receiveBufferSize);
			}
			this.socket.setTcpNoDelay(true);
			this.socket.setSoTimeout(READ_TIMEOUT_MILLIS);
			this.socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), READ_TIMEOUT_MILLIS);
		}
		catch (IOException ex) {
			close();
			throw new UncheckedIOException(ex);
		}
	}

	public TestClient send(String text) {
		return send(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	public TestClient send(byte[] bytes) {
		try {
			this.socket.getOutputStream().write(bytes);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Reads as much as is expected, or less if the server closes.
	 */
	public byte[] readBytes(int length) {
		try {
			return this.socket.getInputStream().readNBytes(length);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String read(int length) {
		return new String(readBytes(length), StandardCharsets.ISO_8859_1);
	}

	/**
	 * Reads until the server has sent FIN. RST is an exception.
	 */
	byte[] readBytesToEnd() {
		return readBytes(Integer.MAX_VALUE);
	}

	String readToEnd() {
		return new String(readBytesToEnd(), StandardCharsets.ISO_8859_1);
	}

	/**
	 * Reads until the server has closed in whatever way.
	 */
	public void awaitEnd() {
		try {
			readBytesToEnd();
		}
		catch (UncheckedIOException ex) {
			if (ex.getCause() instanceof java.net.SocketTimeoutException) {
				throw ex;
			}
		}
	}

	TestClient halfClose() {
		try {
			this.socket.shutdownOutput();
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Closes with RST.
	 */
	void reset() {
		try {
			this.socket.setSoLinger(true, 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		close();
	}

	/**
	 * Closes before the end of the test.
	 */
	public void leave() {
		close();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
