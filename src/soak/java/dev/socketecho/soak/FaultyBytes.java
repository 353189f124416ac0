package dev.socketecho.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Calls a server that changes bytes: as many come back as were sent, in their order, and
 * some of them are others.
 *
 * @param port where
 */
record FaultyBytes(int port) implements Honest {

	static final String SERVER = Faulty.PREFIX + "bytes";

	private static final int TIMEOUT_MILLIS = 30_000;

	private static final int MESSAGES = 20;

	private static final int LONGEST = 1000;

	/** In each read. */
	private static final int CHANGED = 2;

	static List<String> properties() {
		return Faulty.tcp(SERVER, "wrong", "corrupt", "direction=inbound", "bytes=" + CHANGED);
	}

	@Override
	public String server() {
		return SERVER;
	}

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.setTcpNoDelay(true);
			tally.connections.increment();
			for (int i = 0; i < MESSAGES; i++) {
				byte[] message = new byte[CHANGED + random.nextInt(LONGEST)];
				random.nextBytes(message);
				tally.messages.increment();
				tally.bytes.add(message.length);
				long start = System.nanoTime();
				socket.getOutputStream().write(message);
				byte[] echo = socket.getInputStream().readNBytes(message.length);
				tally.answered(System.nanoTime() - start);
				long changed = IntStream.range(0, echo.length).filter((at) -> echo[at] != message[at]).count();
				if (echo.length != message.length || changed != CHANGED) {
					throw new IOException("of %d bytes %d came back, %d of them changed".formatted(message.length,
							echo.length, changed));
				}
				Thread.sleep(Duration.ofMillis(random.nextInt(20)));
			}
			socket.shutdownOutput();
			if (socket.getInputStream().read() >= 0) {
				throw new IOException("more came back than was sent");
			}
		}
	}

}
