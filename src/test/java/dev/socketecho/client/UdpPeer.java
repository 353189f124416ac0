package dev.socketecho.client;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A UDP server, for tests of clients: what it does with a datagram is up to the test.
 */
public final class UdpPeer implements AutoCloseable {

	private static final int MAX_DATAGRAM = 65_535;

	private final DatagramSocket socket;

	public UdpPeer(Answer answer) throws IOException {
		this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
		Thread.ofVirtual().start(() -> {
			try {
				while (true) {
					DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
					this.socket.receive(packet);
					answer.to(this.socket, packet);
				}
			}
			catch (IOException ex) {
				// The test has ended.
			}
		});
	}

	public static void reply(DatagramSocket socket, DatagramPacket packet) throws IOException {
		socket.send(packet);
	}

	/**
	 * Replies to so many datagrams at once, the last one first.
	 */
	public static Answer replyInReverse(int count) {
		List<DatagramPacket> held = new ArrayList<>();
		return (socket, packet) -> {
			held.add(packet);
			if (held.size() == count) {
				for (DatagramPacket each : held.reversed()) {
					socket.send(each);
				}
			}
		};
	}

	public int port() {
		return this.socket.getLocalPort();
	}

	@Override
	public void close() {
		this.socket.close();
	}

	/**
	 * What becomes of a datagram.
	 */
	@FunctionalInterface
	public interface Answer {

		void to(DatagramSocket socket, DatagramPacket packet) throws IOException;

	}

}
