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
 * Tests {@link NativeUdpSocket}.
 */
class NativeUdpSocketTests {

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
		try (UdpTestClient stranger = UdpTestClient.boundTo(LOOPBACK); Ipv4UdpSocket socket = new Ipv4UdpSocket()) {
			int port = stranger.socket.getLocalPort();
			assertThatExceptionOfType(NativeIoException.class)
				.isThrownBy(() -> socket.send("stray", new InetSocketAddress(ENDS_LIKE_LOOPBACK, port)))
				.withMessageContaining("sendmmsg");
			assertThat(socket.send("right", new InetSocketAddress(LOOPBACK, port))).isEqualTo(1);
			assertThat(stranger.receive()).asString(StandardCharsets.US_ASCII).isEqualTo("right");
		}
	}

	/**
	 * The sending half of a server's socket that is of the IPv4 family.
	 */
	private static final class Ipv4UdpSocket implements AutoCloseable {

		private final NativeUdpSocket socket;

		Ipv4UdpSocket() throws IOException {
			Socket ipv4 = new Ipv4Socket();
			ipv4.bind(new InetSocketAddress(InetAddress.getByName(LOOPBACK), 0));
			this.socket = new NativeUdpSocket(ipv4, new PeerTable((_) -> null, 0), new UdpSocketSettings("test", null,
					0, 100, MulticastSettings.NONE, false, UdpSocketOptions.DEFAULTS, false), false);
		}

		int send(String text, InetSocketAddress receiver) throws IOException {
			ByteBuf content = UnpooledByteBufAllocator.DEFAULT.directBuffer();
			ByteBufUtil.writeAscii(content, text);
			OutboundDatagram datagram = new OutboundDatagram();
			datagram.set(content, new Peer(receiver), receiver.getPort(), null);
			try {
				return this.socket.send(new OutboundDatagram[] { datagram }, 0, 1);
			}
			finally {
				datagram.clear();
			}
		}

		@Override
		public void close() {
			this.socket.close();
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
