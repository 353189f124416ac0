package dev.socketecho.transport.udp;

import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.support.MessageBuilder;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers of a UDP server, on each transport of this machine: that they are what was
 * sent, and where they come from and go to.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
class UdpEchoTests {

	private final TransportType type;

	UdpEchoTests(TransportType type) {
		this.type = type;
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 1472, 1473, 9000, 65507 })
	void everySizeComesBackExactly(int size) throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type); UdpTestClient client = server.connect()) {
			byte[] data = random(size);
			assertThat(client.exchange(data)).isEqualTo(data);
			assertThat(server.recorder.received).hasValue(1);
			assertThat(server.recorder.receivedBytes).hasValue(size);
			assertThat(server.recorder.sent).hasValue(1);
			assertThat(server.recorder.sentBytes).hasValue(size);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 65507 })
	void everySizeComesBackExactlyOverIpv6(int size) throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type);
				UdpTestClient client = UdpTestClient.connected(server.at("::1"))) {
			byte[] data = random(size);
			assertThat(client.exchange(data)).isEqualTo(data);
		}
	}

	@Test
	void orderOfASenderIsKept() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type); UdpTestClient client = server.connect()) {
			for (int round = 0; round < 20; round++) {
				List<byte[]> sent = new ArrayList<>();
				for (int i = 0; i < 50; i++) {
					// Some are empty: in a batch they must not displace the others.
					sent.add(UdpTestClient.text((i % 7 == 3) ? "" : "r" + round + "i" + i));
					client.send(sent.getLast());
				}
				for (byte[] data : sent) {
					assertThat(client.receive()).isEqualTo(data);
				}
			}
			assertThat(server.recorder.sent).hasValue(1000);
			assertThat(client.hasNothing()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "127.0.0.2", "127.1.2.3", "::1" })
	void answersLeaveFromTheAddressThatWasAddressed(String address) throws Exception {
		Assumptions.assumeTrue(this.type != TransportType.NIO || !address.matches("127\\..*[^1]|127\\.1.*"),
				"the JDK has no packet information");
		try (UdpTestServer server = UdpTestServer.start(this.type);
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			assertThat(client.exchange("a")).isEqualTo("a");
		}
	}

	@Test
	void replyPortGetsTheAnswers() throws Exception {
		try (UdpTestClient listener = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().replyPort(listener.port()));
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			client.send(UdpTestClient.text("Hello, world!"), server.at("127.0.0.1"));
			DatagramPacket answer = listener.receivePacket();
			assertThat(new String(answer.getData(), 0, answer.getLength())).isEqualTo("Hello, world!");
			assertThat(answer.getSocketAddress()).isEqualTo(server.at("127.0.0.1"));
			assertThat(client.hasNothing()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void segmentationChangesNoDatagram(String address) throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type,
				new UdpTestSettings().options(new UdpSocketOptions(false, false, null, null, null, true)));
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			List<byte[]> sent = IntStream.range(0, 64).mapToObj((i) -> random((i < 60) ? 500 : i)).toList();
			for (byte[] content : sent) {
				client.send(content);
			}
			for (byte[] content : sent) {
				assertThat(client.receive()).isEqualTo(content);
			}
			assertThat(server.recorder.sent).hasValue(64);
		}
	}

	@Test
	void payloadsOfOtherKindsGoWhereTheHeaderSays() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type);
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			for (Object payload : List.of("text", UdpTestClient.text("text"))) {
				server.sender.handleMessage(MessageBuilder.withPayload(payload)
					.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("127.0.0.1", client.port()))
					.build());
				assertThat(client.receiveText()).isEqualTo("text");
			}
		}
	}

	@Test
	void datagramThatIsKeptStaysWhatItWas() throws Exception {
		List<Datagram> kept = new ArrayList<>();
		try (UdpTestServer server = UdpTestServer.start(this.type, (handler) -> (message) -> {
			kept.add(((Datagram) message.getPayload()).replace(((Datagram) message.getPayload()).content().retain()));
			handler.handleMessage(message);
		}); UdpTestClient client = server.connect()) {
			for (int i = 0; i < 3; i++) {
				client.exchange("message " + i);
			}
			assertThat(kept)
				.extracting((datagram) -> datagram.content().toString(java.nio.charset.StandardCharsets.UTF_8))
				.containsExactly("message 0", "message 1", "message 2");
		}
		finally {
			kept.forEach(Datagram::release);
		}
	}

}
