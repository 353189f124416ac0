package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.testing.RandomBytes;
import dev.socketecho.transport.udp.UdpTestClient;
import io.netty.buffer.Unpooled;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link SendBatch}. A receiver that asks for it (UDP_GRO) gets the pieces that the
 * kernel would cut, so it sees which datagrams shared a message.
 */
class SendBatchTests {

	private static final int UDP_GRO = 104;

	private static final int SOL_SOCKET = 1;

	private static final int SO_NO_CHECK = 11;

	private final List<UdpTestClient> clients = new ArrayList<>();

	private Socket sender;

	private NativeUdpSocket socket;

	private Socket pieces;

	@BeforeAll
	static void loadNativeLibrary() {
		Assumptions.assumeTrue(Epoll.isAvailable());
	}

	@BeforeEach
	void open() throws IOException {
		this.sender = bound();
		this.socket = socket(this.sender, true);
		this.pieces = bound();
		this.pieces.setIntOpt(MessageVector.SOL_UDP, UDP_GRO, 1);
	}

	@AfterEach
	void close() throws IOException {
		this.socket.close();
		this.pieces.close();
		this.clients.forEach(UdpTestClient::close);
	}

	private static Socket bound() throws IOException {
		Socket socket = Socket.newSocketDgram();
		socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
		return socket;
	}

	private static NativeUdpSocket socket(Socket socket, boolean segmentation) throws IOException {
		return new NativeUdpSocket(socket, new PeerTable((_) -> null, 0),
				new UdpSocketSettings("test", null, 0, 100, MulticastSettings.NONE, false,
						new UdpSocketOptions(false, false, null, null, null, segmentation), false),
				false);
	}

	private UdpTestClient client() throws IOException {
		UdpTestClient client = UdpTestClient.boundTo("127.0.0.1");
		this.clients.add(client);
		return client;
	}

	private static Peer peer(int port) {
		return new Peer(new InetSocketAddress("127.0.0.1", port));
	}

	private static OutboundDatagram datagram(Peer peer, byte[] content) {
		OutboundDatagram datagram = new OutboundDatagram();
		ByteBuffer memory = ByteBuffer.allocateDirect(content.length).put(content).flip();
		datagram.set(Unpooled.wrappedBuffer(memory), peer, peer.port(), null);
		return datagram;
	}

	private static List<byte[]> contents(int... lengths) {
		return IntStream.of(lengths).mapToObj(RandomBytes::random).toList();
	}

	private int send(Stream<OutboundDatagram> datagrams) throws IOException {
		OutboundDatagram[] queue = datagrams.toArray(OutboundDatagram[]::new);
		return this.socket.send(queue, 0, queue.length);
	}

	/**
	 * Sends datagrams to the receiver of pieces.
	 * @return the lengths of the pieces that have come
	 */
	private List<Integer> pieces(int... lengths) throws IOException {
		Peer peer = peer(this.pieces.localAddress().getPort());
		assertThat(send(contents(lengths).stream().map((content) -> datagram(peer, content))))
			.isEqualTo(lengths.length);
		List<Integer> received = new ArrayList<>();
		ByteBuffer buffer = ByteBuffer.allocateDirect(65536);
		int length;
		while ((length = receive(buffer)) >= 0) {
			received.add(length);
		}
		return received;
	}

	private int receive(ByteBuffer buffer) {
		try {
			return this.pieces.recvFrom(buffer, 0, buffer.capacity()).receivedAmount();
		}
		catch (IOException | NullPointerException ex) {
			return -1;
		}
	}

	@Test
	void neighboursOfOneLengthShareAMessage() throws IOException {
		assertThat(pieces(100, 100, 100)).containsExactly(300);
	}

	@Test
	void onlyTheLastMayBeShorter() throws IOException {
		assertThat(pieces(100, 100, 40, 40, 100, 7)).containsExactly(240, 40, 107);
	}

	@Test
	void emptyDatagramsTravelAlone() throws IOException {
		assertThat(pieces(0, 50, 0, 0)).containsExactly(0, 50, 0, 0);
	}

	@Test
	void messageIsNoLongerThanAPacket() throws IOException {
		assertThat(pieces(30000, 30000, 30000)).containsExactly(60000, 30000);
		assertThat(pieces(65507, 65507)).containsExactly(65507, 65507);
	}

	@Test
	void withoutSegmentationEachTravelsAlone() throws IOException {
		this.socket.close();
		this.socket = socket(bound(), false);
		assertThat(pieces(100, 100, 100)).containsExactly(100, 100, 100);
	}

	/**
	 * The kernel refuses to cut what has no checksum.
	 */
	@Test
	void whatTheKernelDoesNotCutIsSentAsItIs() throws IOException {
		this.sender.setIntOpt(SOL_SOCKET, SO_NO_CHECK, 1);
		assertThat(pieces(100, 100, 100)).containsExactly(100, 100, 100);
		this.sender.setIntOpt(SOL_SOCKET, SO_NO_CHECK, 0);
		assertThat(pieces(100, 100)).as("of a length that was refused").containsExactly(100, 100);
		assertThat(pieces(99, 99)).as("shorter").containsExactly(198);
	}

	@Test
	void eachReceiverGetsItsDatagramsInOrder() throws IOException {
		UdpTestClient one = client();
		UdpTestClient other = client();
		Peer first = peer(one.socket.getLocalPort());
		Peer second = peer(other.socket.getLocalPort());
		List<byte[]> contents = contents(64, 63, 62, 61, 60, 60, 60, 60, 5, 0, 1, 64);
		assertThat(send(contents.stream()
			.flatMap((content) -> (content.length > 61) ? Stream.of(datagram(first, content), datagram(second, content))
					: Stream.of(datagram(first, content)))))
			.isEqualTo(16);
		for (byte[] content : contents) {
			assertThat(one.receive()).isEqualTo(content);
			if (content.length > 61) {
				assertThat(other.receive()).isEqualTo(content);
			}
		}
	}

}
