package dev.socketecho.soak;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/**
 * Sends datagrams, empty ones too, one after the other and compares each with its echo.
 *
 * @param server what it calls
 * @param port where
 */
record HonestUdp(String server, int port) implements Honest {

	private static final int TIMEOUT_MILLIS = 30_000;

	private static final int DATAGRAMS = 100;

	/** All that are under way at once fit in the server's receive buffer. */
	private static final int LONGEST = 12_000;

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		try (DatagramSocket socket = new DatagramSocket()) {
			tally.connections.increment();
			// Not connected: the JDK does not send empty datagrams from a connected
			// socket
			InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			DatagramPacket reply = new DatagramPacket(new byte[LONGEST], LONGEST);
			for (int i = 0; i < DATAGRAMS; i++) {
				byte[] message = new byte[random.nextInt((random.nextInt(20) == 0) ? LONGEST : 1000)];
				random.nextBytes(message);
				tally.messages.increment();
				tally.bytes.add(message.length);
				long start = System.nanoTime();
				socket.send(new DatagramPacket(message, message.length, server));
				reply.setLength(LONGEST);
				socket.receive(reply);
				tally.answered(System.nanoTime() - start);
				if (!server.equals(reply.getSocketAddress())
						|| !Arrays.equals(message, Arrays.copyOf(reply.getData(), reply.getLength()))) {
					throw new IOException("the echo differs from what was sent");
				}
				Thread.sleep(Duration.ofMillis(random.nextInt(10)));
			}
		}
	}

}
