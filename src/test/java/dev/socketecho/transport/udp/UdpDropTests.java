package dev.socketecho.transport.udp;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import org.awaitility.Awaitility;
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
 * Datagrams that a UDP server does not answer, and how it counts them, on each transport
 * of this machine.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
class UdpDropTests {

	private final TransportType type;

	UdpDropTests(TransportType type) {
		this.type = type;
	}

	@Test
	void longerThanTheLimitIsDroppedWhole() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().maxDatagramSize(100));
				UdpTestClient client = server.connect()) {
			client.send(random(101));
			client.send(random(9000));
			assertThat(client.exchange(random(100))).isEqualTo(random(100));
			assertThat(server.recorder.drops(DropReason.MESSAGE_TOO_LONG)).isEqualTo(2);
			assertThat(server.recorder.received).hasValue(3);
			assertThat(server.recorder.sent).hasValue(1);
		}
	}

	@Test
	void blockedSourcePortGetsNoAnswer() throws Exception {
		try (UdpTestClient reflector = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.DEFAULTS, Set.of(reflector.port()),
						(handler) -> handler);
				UdpTestClient client = server.connect()) {
			assertDropped(server, reflector, client, DropReason.LOOP_GUARD);
		}
	}

	@Test
	void twoEchoServicesExchangeOneDatagramAtMost() throws Exception {
		try (UdpTestServer first = UdpTestServer.start(this.type, new UdpTestSettings().address("127.0.0.1"));
				UdpTestServer second = UdpTestServer.start(this.type,
						new UdpTestSettings().address("127.0.0.2").port(first.port()));
				UdpTestClient client = first.connect()) {
			// As if the second client had sent it.
			second.sender.handleMessage(MessageBuilder.withPayload("forged")
				.setHeader(IpHeaders.PACKET_ADDRESS, first.at("127.0.0.1"))
				.build());
			Awaitility.await().until(() -> first.recorder.drops(DropReason.LOOP_GUARD) == 1);
			client.exchange("b");
			assertThat(second.recorder.received).hasValue(0);
		}
	}

	@Test
	void rateOfASourceIsLimited() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, new UdpTestSettings().rate(5));
				UdpTestClient client = server.connect()) {
			for (int i = 0; i < 5; i++) {
				client.exchange("" + i);
			}
			// Five a second are allowed, so most of them are too many.
			for (int i = 0; i < 100; i++) {
				client.send("x");
			}
			Awaitility.await().until(() -> server.recorder.received.get() == 105);
			assertThat(server.recorder.drops(DropReason.RATE_LIMITED) + server.recorder.sent.get()).isEqualTo(105);
			assertThat(server.recorder.drops(DropReason.RATE_LIMITED)).isPositive();
		}
	}

	@Test
	void deniedSourceGetsNoAnswer() throws Exception {
		SourceFilter filter = new SourceFilter(List.of(CidrBlock.of("127.0.0.0/8")),
				List.of(CidrBlock.of("127.0.0.9")));
		try (UdpTestServer server = UdpTestServer.start(this.type,
				new UdpTestSettings().sources(filter).address("127.0.0.1"));
				UdpTestClient denied = UdpTestClient.boundTo("127.0.0.9");
				UdpTestClient client = server.connect()) {
			assertDropped(server, denied, client, DropReason.DENIED);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void overflowOfTheReceiveBufferIsCountedOnce(boolean reusePort) throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		try (UdpTestServer server = UdpTestServer.startHeld(this.type,
				new UdpTestSettings().options(new UdpSocketOptions(false, reusePort, 4096, null, null, false)), held);
				UdpTestClient client = server.connect()) {
			int sent = 200;
			for (int i = 0; i < sent; i++) {
				client.send(random(1000));
			}
			held.countDown();
			Awaitility.await()
				.until(() -> server.recorder.received.get() + server.recorder.drops(DropReason.KERNEL_BUFFER) == sent);
			long dropped = server.recorder.drops(DropReason.KERNEL_BUFFER);
			assertThat(dropped).isPositive();
			server.adapter.stop();
			assertThat(server.recorder.drops(DropReason.KERNEL_BUFFER)).as("after the stop").isEqualTo(dropped);
		}
	}

	/**
	 * Checks that a server drops what one client sends and answers another one.
	 */
	private static void assertDropped(UdpTestServer server, UdpTestClient refused, UdpTestClient client,
			DropReason reason) throws IOException {
		refused.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
		client.exchange("b");
		assertThat(server.recorder.drops(reason)).isEqualTo(1);
		assertThat(refused.hasNothing()).isTrue();
	}

}
