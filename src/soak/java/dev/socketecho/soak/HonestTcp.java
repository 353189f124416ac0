package dev.socketecho.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import dev.socketecho.codec.Framing;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Sends messages one after the other and compares every byte of the echo. After some
 * messages it half-closes, checks that the server closes too, and connects again.
 *
 * @param server what it calls
 * @param port where
 * @param framing of its messages
 * @param manner what else is agreed with the server
 * @param tls with which it calls, {@code null} for none
 */
record HonestTcp(String server, int port, Framing framing, Manner manner, @Nullable SSLContext tls) implements Honest {

	private static final int TIMEOUT_MILLIS = 30_000;

	private static final int MOST_MESSAGES = 60;

	private static final int LONGEST = 3000;

	/** More than all buffers between client and server hold. */
	private static final int BULK = 3_000_000;

	private static final int BULK_ODDS = 400;

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		try (Socket socket = connect()) {
			tally.connections.increment();
			InputStream in = socket.getInputStream();
			OutputStream out = socket.getOutputStream();
			if (this.manner == Manner.PROXY) {
				out.write("PROXY TCP4 192.0.2.%d 192.0.2.1 40000 7\r\n".formatted(1 + random.nextInt(200))
					.getBytes(StandardCharsets.US_ASCII));
			}
			int messages = (this.manner == Manner.ONE_MESSAGE || this.manner == Manner.COLLECT) ? 1
					: 1 + random.nextInt(MOST_MESSAGES);
			for (int i = 0; i < messages; i++) {
				exchange(tally, frame(random), in, out);
				Thread.sleep(Duration.ofMillis(random.nextInt((this.manner == Manner.PATIENT) ? 1000 : 10)));
			}
			if (this.manner != Manner.ONE_MESSAGE) {
				socket.shutdownOutput();
			}
			if (in.read() >= 0) {
				throw new IOException("more came back than was sent");
			}
		}
	}

	private Socket connect() throws IOException {
		Socket plain = new Socket();
		plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), TIMEOUT_MILLIS);
		plain.setSoTimeout(TIMEOUT_MILLIS);
		plain.setTcpNoDelay(true);
		if (this.tls == null) {
			return plain;
		}
		SSLSocket socket = (SSLSocket) this.tls.getSocketFactory().createSocket(plain, "localhost", this.port, true);
		socket.startHandshake();
		return socket;
	}

	private void exchange(Tally tally, byte[] frame, InputStream in, OutputStream out)
			throws IOException, InterruptedException {
		tally.messages.increment();
		tally.bytes.add(frame.length);
		long start = System.nanoTime();
		AtomicReference<@Nullable IOException> failure = new AtomicReference<>();
		Thread writer = (frame.length > LONGEST * 2) ? Thread.startVirtualThread(() -> write(out, frame, failure))
				: null;
		if (writer == null) {
			out.write(frame);
		}
		if (this.manner != Manner.COLLECT && !Arrays.equals(in.readNBytes(frame.length), frame)) {
			throw new IOException("the echo differs from what was sent");
		}
		if (writer != null) {
			writer.join();
		}
		IOException failed = failure.get();
		if (failed != null) {
			throw failed;
		}
		tally.answered(System.nanoTime() - start);
	}

	private static void write(OutputStream out, byte[] frame, AtomicReference<@Nullable IOException> failure) {
		try {
			out.write(frame);
		}
		catch (IOException ex) {
			failure.set(ex);
		}
	}

	private byte[] frame(Random random) {
		boolean bulk = this.framing == Framing.NONE && random.nextInt(BULK_ODDS) == 0;
		byte[] text = new byte[1 + random.nextInt(bulk ? BULK : LONGEST)];
		for (int i = 0; i < text.length; i++) {
			text[i] = (byte) ('a' + random.nextInt(26));
		}
		return switch (this.framing) {
			case NONE, UNTIL_CLOSE -> text;
			case LINE -> join(new byte[0], text, random.nextBoolean() ? "\r\n" : "\n");
			case STX_ETX -> join(new byte[] { 2 }, text, "\3");
			case LENGTH_4 -> join(ByteBuffer.allocate(4).putInt(text.length).array(), text, "");
			case DELIMITER -> join(new byte[0], text, "<EOF>");
			default -> throw new IllegalStateException(this.framing.value());
		};
	}

	private static byte[] join(byte[] header, byte[] text, String end) {
		byte[] terminator = end.getBytes(StandardCharsets.US_ASCII);
		return ByteBuffer.allocate(header.length + text.length + terminator.length)
			.put(header)
			.put(text)
			.put(terminator)
			.array();
	}

	/**
	 * How the client uses a server, besides the framing.
	 */
	enum Manner {

		/** Nothing. */
		ECHO,

		/** One message per connection, after which the server closes. */
		ONE_MESSAGE,

		/** Messages are far apart, so that the connection lasts. */
		PATIENT,

		/** Nothing comes back. */
		COLLECT,

		/** A PROXY protocol header goes first. */
		PROXY

	}

}
