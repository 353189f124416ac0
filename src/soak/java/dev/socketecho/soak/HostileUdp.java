package dev.socketecho.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/**
 * Sends datagrams as fast as it can and reads no answer.
 */
final class HostileUdp implements Hostile {

	private static final int BURST = 3000;

	private final String server;

	private final AtomicLong sent = new AtomicLong();

	HostileUdp(String server) {
		this.server = server;
	}

	@Override
	public String name() {
		return "UDP_FLOOD of " + this.server;
	}

	/**
	 * How many datagrams the kernel has taken for the server.
	 */
	long sent() {
		return this.sent.get();
	}

	@Override
	public void attack(ToIntFunction<String> ports, Random random) throws IOException, InterruptedException {
		try (DatagramChannel channel = DatagramChannel.open()) {
			InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(),
					ports.applyAsInt(this.server));
			ByteBuffer datagram = ByteBuffer.allocate(random.nextInt(4) == 0 ? 65_507 : 1500);
			random.nextBytes(datagram.array());
			for (int i = 0; i < BURST; i++) {
				channel.send(datagram.clear().limit(random.nextInt(datagram.capacity() + 1)), server);
				this.sent.incrementAndGet();
			}
		}
		Thread.sleep(Duration.ofMillis(random.nextInt(200)));
	}

}
