package dev.socketecho.soak;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Calls a server that loses, repeats, delays and changes datagrams: each answer is a
 * datagram that was sent, with all its bytes or with so many of them changed as the server
 * was told, and comes no more than twice.
 *
 * @param port where
 */
record FaultyUdp(int port) implements Honest {

	private static final int DATAGRAMS = 100;

	private static final int LOST = 5;

	private static final int REPEATED = 10;

	private static final int CHANGED = 2;

	private static final int LONGEST = 1000;

	/** Short ones could be taken for each other. */
	private static final int SHORTEST = 16;

	/** The server holds an answer for 250 ms at most. */
	private static final int SILENCE_MILLIS = 500;

	static List<String> properties() {
		return Stream
			.of(Faulty.udp(Faulty.DATAGRAM, "a", "drop", "every=" + LOST),
					Faulty.udp(Faulty.DATAGRAM, "b", "duplicate", "every=" + REPEATED),
					Faulty.udp(Faulty.DATAGRAM, "c", "corrupt", "bytes=" + CHANGED, "probability=0.2"),
					Faulty.udp(Faulty.DATAGRAM, "d", "reorder", "probability=0.1"),
					Faulty.udp(Faulty.DATAGRAM, "e", "delay", "delay=10ms", "jitter=10ms", "distribution=normal"))
			.flatMap(List::stream)
			.toList();
	}

	/**
	 * What must be true of the server, to which only these clients have sent.
	 */
	static void check(Verdict verdict, Counters counters, Tally tally) {
		String server = Faulty.DATAGRAM;
		long received = counters.sum("echo_received_messages_total", server);
		long kernel = counters.reason("echo_dropped_datagrams_total", server, "kernel_buffer");
		long dropped = counters.reason("echo_dropped_datagrams_total", server, "fault");
		verdict.equal(server + ": received + dropped by the kernel = sent to it", tally.messages.sum(),
				received + kernel);
		verdict.equal(server + ": dropped, each fifth", received / LOST, dropped);
		verdict.equal(server + ": sent, each tenth twice", received - dropped + (received - dropped) / REPEATED,
				counters.sum("echo_sent_messages_total", server));
	}

	@Override
	public String server() {
		return Faulty.DATAGRAM;
	}

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		try (DatagramSocket socket = new DatagramSocket()) {
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			tally.connections.increment();
			List<byte[]> sent = new ArrayList<>();
			int[] times = new int[DATAGRAMS];
			for (int i = 0; i < DATAGRAMS; i++) {
				byte[] message = new byte[SHORTEST + random.nextInt(LONGEST)];
				random.nextBytes(message);
				sent.add(message);
				tally.messages.increment();
				tally.bytes.add(message.length);
				socket.send(new DatagramPacket(message, message.length));
				receive(socket, 1 + random.nextInt(10), sent, times);
			}
			receive(socket, SILENCE_MILLIS, sent, times);
			if (Arrays.stream(times).sum() == 0) {
				throw new IOException("of %d datagrams none came back".formatted(DATAGRAMS));
			}
		}
	}

	/**
	 * Receives until nothing has come for a while.
	 */
	private static void receive(DatagramSocket socket, int silenceMillis, List<byte[]> sent, int[] times)
			throws IOException {
		socket.setSoTimeout(silenceMillis);
		DatagramPacket packet = new DatagramPacket(new byte[2 * LONGEST], 2 * LONGEST);
		try {
			while (true) {
				packet.setLength(2 * LONGEST);
				socket.receive(packet);
				byte[] answer = Arrays.copyOf(packet.getData(), packet.getLength());
				int index = IntStream.range(0, sent.size())
					.filter((i) -> isAnswer(answer, sent.get(i)))
					.findFirst()
					.orElseThrow(() -> new IOException("an answer to nothing that was sent"));
				if (++times[index] > 2) {
					throw new IOException("an answer came more than twice");
				}
			}
		}
		catch (SocketTimeoutException ex) {
			// Nothing more for now
		}
	}

	private static boolean isAnswer(byte[] answer, byte[] sent) {
		if (answer.length != sent.length) {
			return false;
		}
		long changed = IntStream.range(0, sent.length).filter((i) -> answer[i] != sent[i]).count();
		return changed == 0 || changed == CHANGED;
	}

}
