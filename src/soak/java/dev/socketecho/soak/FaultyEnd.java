package dev.socketecho.soak;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Calls a server whose connections end too early, one way or the other: each echo is what
 * was sent, or its first {@value #AFTER_BYTES} bytes, and nothing else.
 *
 * @param port where
 */
record FaultyEnd(int port) implements Honest {

	static final String SERVER = Faulty.PREFIX + "end";

	private static final int AFTER_BYTES = 10_000;

	private static final int LONGEST = 3 * AFTER_BYTES;

	/** Longer than any pause of a busy machine, as a rule. */
	private static final int SILENCE_MILLIS = 5000;

	static List<String> properties() {
		String after = "after-bytes=" + AFTER_BYTES;
		return Stream.of(Faulty.tcp(SERVER, "a", "close", after, "probability=0.2"),
				Faulty.tcp(SERVER, "b", "reset", after, "probability=0.2"),
				Faulty.tcp(SERVER, "c", "stall", after, "probability=0.1"),
				Faulty.tcp(SERVER, "d", "slow-close", "delay=100ms", "probability=0.5"))
			.flatMap(List::stream)
			.toList();
	}

	@Override
	public String server() {
		return SERVER;
	}

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		byte[] message = new byte[1 + random.nextInt(LONGEST)];
		random.nextBytes(message);
		tally.connections.increment();
		tally.messages.increment();
		tally.bytes.add(message.length);
		long start = System.nanoTime();
		byte[] echo;
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(SILENCE_MILLIS);
			// A reset: a server that stalls would have the connection for ever
			socket.setSoLinger(true, 0);
			echo = exchange(socket, message);
		}
		tally.answered(System.nanoTime() - start);
		if (!Arrays.equals(echo, message)
				&& !(echo.length == AFTER_BYTES && Arrays.equals(echo, Arrays.copyOf(message, echo.length)))) {
			throw new IOException("of %d bytes %d came back, equal up to %d".formatted(message.length, echo.length,
					Arrays.mismatch(message, echo)));
		}
		Thread.sleep(Duration.ofMillis(random.nextInt(100)));
	}

	private static byte[] exchange(Socket socket, byte[] message) throws IOException {
		ByteArrayOutputStream echo = new ByteArrayOutputStream();
		try {
			socket.getOutputStream().write(message);
			if (message.length < AFTER_BYTES) {
				socket.shutdownOutput();
			}
		}
		catch (SocketException ex) {
			// The server has ended the connection before it has received everything
		}
		try {
			InputStream in = socket.getInputStream();
			byte[] some = new byte[LONGEST];
			int count = 0;
			while (count >= 0 && (message.length < AFTER_BYTES || echo.size() < message.length)) {
				count = in.read(some);
				echo.write(some, 0, Math.max(count, 0));
			}
		}
		catch (SocketException | SocketTimeoutException ex) {
			// A reset, or a stall
		}
		return echo.toByteArray();
	}

}
