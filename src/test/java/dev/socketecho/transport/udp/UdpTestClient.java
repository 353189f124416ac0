package dev.socketecho.transport.udp;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A UDP client. A connected one accepts answers only from the address that it sends to.
 * It checks that itself: its socket is not connected, because the JDK does not send empty
 * datagrams from a connected socket.
 */
public final class UdpTestClient implements AutoCloseable {

	/** Long enough for any machine; all of it passes only if an answer is missing. */
	private static final int TIMEOUT_MILLIS = 10_000;

	public final DatagramSocket socket;

	private final @Nullable InetSocketAddress server;

	private UdpTestClient(DatagramSocket socket, @Nullable InetSocketAddress server) throws IOException {
		this.socket = socket;
		this.server = server;
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
	}

	public static UdpTestClient connected(InetSocketAddress server) throws IOException {
		return new UdpTestClient(new DatagramSocket(), server);
	}

	public static UdpTestClient boundTo(String address) throws IOException {
		return new UdpTestClient(new DatagramSocket(0, InetAddress.getByName(address)), null);
	}

	int port() {
		return this.socket.getLocalPort();
	}

	public void send(byte[] data) throws IOException {
		send(data, Objects.requireNonNull(this.server));
	}

	public void send(byte[] data, InetSocketAddress receiver) throws IOException {
		this.socket.send(new DatagramPacket(data, data.length, receiver));
	}

	void send(String... texts) throws IOException {
		for (String text : texts) {
			send(text(text));
		}
	}

	DatagramPacket receivePacket() throws IOException {
		DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
		this.socket.receive(packet);
		if (this.server != null) {
			assertThat(packet.getSocketAddress()).as("source of the answer").isEqualTo(this.server);
		}
		return packet;
	}

	public byte[] receive() throws IOException {
		DatagramPacket packet = receivePacket();
		return Arrays.copyOf(packet.getData(), packet.getLength());
	}

	String receiveText() throws IOException {
		return new String(receive(), StandardCharsets.US_ASCII);
	}

	List<String> receiveTexts(int count) throws IOException {
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			texts.add(receiveText());
		}
		return texts;
	}

	String exchange(String text) throws IOException {
		send(text);
		return receiveText();
	}

	public byte[] exchange(byte[] data) throws IOException {
		send(data);
		return receive();
	}

	/**
	 * Returns whether nothing has been received so far. It says something only after a
	 * later datagram was received.
	 */
	boolean hasNothing() throws IOException {
		this.socket.setSoTimeout(1);
		try {
			receivePacket();
			return false;
		}
		catch (SocketTimeoutException ex) {
			return true;
		}
		finally {
			this.socket.setSoTimeout(TIMEOUT_MILLIS);
		}
	}

	public static byte[] text(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	@Override
	public void close() {
		this.socket.close();
	}

}
