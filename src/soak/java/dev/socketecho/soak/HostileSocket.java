package dev.socketecho.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A connection of a hostile client.
 */
final class HostileSocket implements AutoCloseable {

	private static final long DEADLINE_NANOS = Duration.ofSeconds(60).toNanos();

	private static final Duration PAUSE = Duration.ofMillis(5);

	private static final int SMALL_BUFFER = 4096;

	private static final int FULL_AFTER = 40;

	private final SocketChannel channel;

	private final ByteBuffer input = ByteBuffer.allocate(1 << 16);

	private HostileSocket(SocketChannel channel) {
		this.channel = channel;
	}

	static HostileSocket connect(int port) throws IOException {
		SocketChannel channel = SocketChannel.open();
		try {
			channel.setOption(StandardSocketOptions.SO_RCVBUF, SMALL_BUFFER);
			channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			channel.configureBlocking(false);
			return new HostileSocket(channel);
		}
		catch (IOException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Writes all bytes, or as many as the server reads.
	 * @return how much was taken
	 */
	int write(byte[] bytes) throws IOException, InterruptedException {
		ByteBuffer output = ByteBuffer.wrap(bytes);
		for (int refused = 0; output.hasRemaining() && refused < FULL_AFTER;) {
			if (this.channel.write(output) == 0) {
				refused++;
				Thread.sleep(PAUSE);
			}
			else {
				refused = 0;
			}
		}
		return output.position();
	}

	/**
	 * Reads the bytes that have arrived.
	 * @return what was read, of a buffer that is reused; {@code null} at the end
	 */
	@Nullable ByteBuffer read(int atMost) throws IOException {
		this.input.clear().limit(Math.min(atMost, this.input.capacity()));
		return (this.channel.read(this.input) < 0) ? null : this.input.flip();
	}

	/**
	 * Reads until the server ends the connection.
	 * @return how many bytes came before the end
	 * @throws IOException if the server resets the connection
	 * @throws StuckException if the server does not end it
	 */
	long readToEnd() throws IOException, InterruptedException {
		return readToEnd((read) -> {
		});
	}

	private long readToEnd(Consumer<ByteBuffer> consumer) throws IOException, InterruptedException {
		long deadline = System.nanoTime() + DEADLINE_NANOS;
		long total = 0;
		for (ByteBuffer read = read(Integer.MAX_VALUE); read != null; read = read(Integer.MAX_VALUE)) {
			total += read.remaining();
			consumer.accept(read);
			if (!read.hasRemaining()) {
				if (System.nanoTime() - deadline > 0) {
					throw new StuckException("the server does not end the connection");
				}
				Thread.sleep(PAUSE);
			}
		}
		return total;
	}

	/**
	 * Reads until the server ends the connection.
	 * @return the bytes before the end, as ASCII text, at most 64 KB
	 * @throws IOException if the server resets the connection
	 * @throws StuckException if the server does not end it
	 */
	String readText() throws IOException, InterruptedException {
		StringBuilder text = new StringBuilder();
		readToEnd((read) -> {
			if (text.length() < this.input.capacity()) {
				text.append(StandardCharsets.US_ASCII.decode(read.duplicate()));
			}
		});
		return text.toString();
	}

	int localPort() throws IOException {
		return ((InetSocketAddress) this.channel.getLocalAddress()).getPort();
	}

	void halfClose() throws IOException {
		this.channel.shutdownOutput();
	}

	/**
	 * Ends the connection with RST.
	 */
	void reset() throws IOException {
		this.channel.setOption(StandardSocketOptions.SO_LINGER, 0);
		this.channel.close();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	/**
	 * The service did not do what it must do for a hostile peer, too.
	 */
	static final class StuckException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		StuckException(String message) {
			super(message);
		}

	}

}
