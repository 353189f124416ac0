package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import dev.socketecho.transport.udp.UdpTestClient;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests {@link NativeDatagramIo}.
 */
class NativeDatagramIoTests {

	private static final String LOOPBACK = "127.0.0.1";

	/** Its last four bytes are those of 127.0.0.1. */
	private static final String ENDS_LIKE_LOOPBACK = "2001:db8::7f00:1";

	@BeforeAll
	static void loadNativeLibrary() {
		Assumptions.assumeTrue(Epoll.isAvailable());
	}

	/**
	 * Such a socket is handed over by a service manager; one of our own is of the IPv6
	 * family wherever there is one.
	 */
	@Test
	void ipv4SocketRefusesIpv6ReceiverAndReachesNoStranger() throws IOException {
		try (UdpTestClient stranger = UdpTestClient.boundTo(LOOPBACK); Ipv4Io io = new Ipv4Io()) {
			int port = stranger.socket.getLocalPort();
			assertThatExceptionOfType(NativeIoException.class)
				.isThrownBy(() -> io.send("stray", new InetSocketAddress(ENDS_LIKE_LOOPBACK, port)))
				.withMessageContaining("sendmmsg");
			assertThat(io.send("right", new InetSocketAddress(LOOPBACK, port))).isEqualTo(1);
			assertThat(stranger.receive()).asString(StandardCharsets.US_ASCII).isEqualTo("right");
		}
	}

	/**
	 * The sending half of a server's socket that is of the IPv4 family.
	 */
	private static final class Ipv4Io implements AutoCloseable {

		private final NativeDatagramIo io;

		Ipv4Io() throws IOException {
			Socket socket = new Ipv4Socket();
			socket.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), 0));
			this.io = new NativeDatagramIo(socket, new PeerTable((_) -> null, 0), 100, false);
		}

		int send(String text, InetSocketAddress receiver) throws IOException {
			ByteBuf content = UnpooledByteBufAllocator.DEFAULT.directBuffer();
			ByteBufUtil.writeAscii(content, text);
			OutboundDatagram datagram = new OutboundDatagram();
			datagram.set(content, new DatagramPeer(receiver), receiver.getPort());
			try {
				return this.io.send(new OutboundDatagram[] { datagram }, 0, 1);
			}
			finally {
				datagram.clear();
			}
		}

		@Override
		public void close() {
			this.io.close();
		}

	}

	/**
	 * Netty's own are of the IPv6 family where the host has one.
	 */
	private static final class Ipv4Socket extends Socket {

		Ipv4Socket() {
			super(newSocketDgram0(SocketProtocolFamily.INET));
		}

	}

}
