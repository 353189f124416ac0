package dev.socketecho.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A name server on the loopback address, for tests: knows the IPv4 addresses that a test
 * gives it, and answers what it does not know with NXDOMAIN (RFC 1035).
 */
public final class DnsPeer implements AutoCloseable {

	private static final int MAX_QUERY = 4096;

	private static final int HEADER = 12;

	private static final int TYPE_A = 1;

	private static final int NO_SUCH_NAME = 3;

	private final DatagramSocket socket;

	private final Map<String, List<String>> addresses = new ConcurrentHashMap<>();

	private final List<Long> lookups = new CopyOnWriteArrayList<>();

	private final Queue<DatagramPacket> held = new ConcurrentLinkedQueue<>();

	private volatile boolean silent;

	/**
	 * Starts a name server that knows no names.
	 */
	public DnsPeer() throws IOException {
		this.socket = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
		Thread.ofVirtual().start(() -> {
			try {
				while (true) {
					DatagramPacket query = new DatagramPacket(new byte[MAX_QUERY], MAX_QUERY);
					this.socket.receive(query);
					if (this.silent) {
						this.held.add(query);
					}
					else {
						answer(query);
					}
				}
			}
			catch (IOException ex) {
				// The test has ended.
			}
		});
	}

	/**
	 * Adds a name.
	 * @param name without a dot at its end
	 * @param ipv4 its addresses, in order
	 */
	public DnsPeer with(String name, String... ipv4) {
		this.addresses.put(name, List.of(ipv4));
		return this;
	}

	/**
	 * Answers nothing until {@link #speak}.
	 */
	public void hold() {
		this.silent = true;
	}

	/**
	 * Answers the waiting questions and all later ones.
	 */
	public void speak() throws IOException {
		this.silent = false;
		for (DatagramPacket query = this.held.poll(); query != null; query = this.held.poll()) {
			answer(query);
		}
	}

	/**
	 * When IPv4 addresses were told, or that there are none, by
	 * {@link System#nanoTime()}.
	 */
	public List<Long> lookups() {
		return this.lookups;
	}

	/**
	 * Where it listens.
	 */
	public InetSocketAddress address() {
		return (InetSocketAddress) this.socket.getLocalSocketAddress();
	}

	private void answer(DatagramPacket query) throws IOException {
		ByteBuffer in = ByteBuffer.wrap(query.getData(), 0, query.getLength());
		short id = in.getShort();
		in.position(HEADER);
		StringBuilder name = new StringBuilder();
		for (int length = in.get(); length > 0; length = in.get()) {
			name.append(name.isEmpty() ? "" : ".")
				.append(new String(query.getData(), in.position(), length, StandardCharsets.US_ASCII));
			in.position(in.position() + length);
		}
		int type = in.getShort();
		int questionEnd = in.position() + Short.BYTES;
		if (type == TYPE_A) {
			this.lookups.add(System.nanoTime());
		}
		List<String> known = this.addresses.get(name.toString());
		List<String> found = (known != null && type == TYPE_A) ? known : List.of();
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeShort(id);
		out.writeShort(0x8180 | ((known == null) ? NO_SUCH_NAME : 0));
		out.writeShort(1);
		out.writeShort(found.size());
		out.writeInt(0);
		out.write(query.getData(), HEADER, questionEnd - HEADER);
		for (String address : found) {
			// The name is that of the question, of class IN, not to be cached.
			out.writeShort(0xc000 | HEADER);
			out.writeShort(TYPE_A);
			out.writeShort(1);
			out.writeInt(0);
			byte[] data = InetAddress.ofLiteral(address).getAddress();
			out.writeShort(data.length);
			out.write(data);
		}
		this.socket.send(new DatagramPacket(bytes.toByteArray(), bytes.size(), query.getSocketAddress()));
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
