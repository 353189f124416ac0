package dev.socketecho.transport.udp;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.address.CidrBlock;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests the channel adapters of a UDP server with real sockets, on each transport of this
 * machine.
 */
@ParameterizedClass
@MethodSource("transports")
class UdpEchoTests {

	private final TransportType type;

	UdpEchoTests(TransportType type) {
		this.type = type;
	}

	static Stream<TransportType> transports() {
		return Stream.of(TransportType.EPOLL, TransportType.IO_URING, TransportType.NIO)
			.filter((type) -> switch (type) {
				case EPOLL -> Epoll.isAvailable();
				case IO_URING -> IoUring.isAvailable();
				default -> true;
			});
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 1472, 1473, 9000, 65507 })
	void everySizeComesBackExactly(int size) throws Exception {
		try (UdpTestServer server = start(); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			byte[] data = UdpTestClient.random(size);
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
		try (UdpTestServer server = start(); UdpTestClient client = UdpTestClient.connected(server.at("::1"))) {
			byte[] data = UdpTestClient.random(size);
			assertThat(client.exchange(data)).isEqualTo(data);
		}
	}

	@Test
	void orderOfASenderIsKept() throws Exception {
		try (UdpTestServer server = start(); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
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
		try (UdpTestServer server = start(); UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("a");
		}
	}

	@Test
	void bindsOneAddress() throws Exception {
		try (UdpTestServer server = start(new Settings().address("127.0.0.3"));
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.3"))) {
			assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("a");
			assertThat(server.adapter.boundAddress()).isEqualTo(server.at("127.0.0.3"));
		}
	}

	@Test
	void replyPortGetsTheAnswers() throws Exception {
		try (UdpTestClient listener = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer server = start(new Settings().replyPort(listener.port()));
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			client.send(UdpTestClient.text("Hello, world!"), server.at("127.0.0.1"));
			DatagramPacket answer = listener.receivePacket();
			assertThat(new String(answer.getData(), 0, answer.getLength())).isEqualTo("Hello, world!");
			assertThat(answer.getSocketAddress()).isEqualTo(server.at("127.0.0.1"));
			assertThat(client.hasNothing()).isTrue();
		}
	}

	@Test
	void longerThanTheLimitIsDroppedWhole() throws Exception {
		try (UdpTestServer server = start(new Settings().maxDatagramSize(100));
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(UdpTestClient.random(101));
			client.send(UdpTestClient.random(9000));
			assertThat(client.exchange(UdpTestClient.random(100))).isEqualTo(UdpTestClient.random(100));
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
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			reflector.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			client.exchange(UdpTestClient.text("b"));
			assertThat(server.recorder.drops(DropReason.LOOP_GUARD)).isEqualTo(1);
			assertThat(reflector.hasNothing()).isTrue();
		}
	}

	@Test
	void twoEchoServicesExchangeOneDatagramAtMost() throws Exception {
		try (UdpTestServer first = start(new Settings().address("127.0.0.1"));
				UdpTestServer second = start(new Settings().address("127.0.0.2").port(first.port()));
				UdpTestClient client = UdpTestClient.connected(first.at("127.0.0.1"))) {
			// As if the second client had sent it.
			second.sender.handleMessage(MessageBuilder.withPayload("forged")
				.setHeader(IpHeaders.PACKET_ADDRESS, first.at("127.0.0.1"))
				.build());
			Awaitility.await().until(() -> first.recorder.drops(DropReason.LOOP_GUARD) == 1);
			client.exchange(UdpTestClient.text("b"));
			assertThat(second.recorder.received).hasValue(0);
		}
	}

	@Test
	void rateOfASourceIsLimited() throws Exception {
		try (UdpTestServer server = start(new Settings().rate(5));
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 5; i++) {
				client.exchange(UdpTestClient.text("" + i));
			}
			// Five a second are allowed, so most of them are too many.
			for (int i = 0; i < 100; i++) {
				client.send(UdpTestClient.text("x"));
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
		try (UdpTestServer server = start(new Settings().sources(filter).address("127.0.0.1"));
				UdpTestClient denied = UdpTestClient.boundTo("127.0.0.9");
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			denied.send(UdpTestClient.text("a"), server.at("127.0.0.1"));
			client.exchange(UdpTestClient.text("b"));
			assertThat(server.recorder.drops(DropReason.DENIED)).isEqualTo(1);
			assertThat(denied.hasNothing()).isTrue();
		}
	}

	@Test
	void groupReachesAllSocketsThatShareThePort() throws Exception {
		NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
		InetAddress group = InetAddress.getByName("239.77.1.1");
		MulticastSettings multicast = new MulticastSettings(List.of(group), loopback.getName(), null, 1);
		try (UdpTestServer first = start(new Settings().multicast(multicast).portSharing());
				UdpTestServer second = start(new Settings().multicast(multicast).portSharing().port(first.port()));
				MulticastSocket other = new MulticastSocket(first.port());
				UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			other.setSoTimeout(10_000);
			other.joinGroup(new InetSocketAddress(group, 0), loopback);
			client.socket.setOption(java.net.StandardSocketOptions.IP_MULTICAST_IF, loopback);
			client.send(UdpTestClient.text("all"), new InetSocketAddress(group, first.port()));
			DatagramPacket copy = new DatagramPacket(new byte[10], 10);
			other.receive(copy);
			assertThat(copy.getLength()).isEqualTo(3);
			for (int i = 0; i < 2; i++) {
				DatagramPacket answer = client.receivePacket();
				assertThat(answer.getLength()).isEqualTo(3);
				assertThat(answer.getAddress().isLoopbackAddress()).as("unicast").isTrue();
				assertThat(answer.getPort()).isEqualTo(first.port());
			}
			assertThat(first.recorder.received).hasValue(1);
			assertThat(second.recorder.received).hasValue(1);
		}
	}

	@Test
	void unknownInterfaceFailsTheStart() throws Exception {
		MulticastSettings multicast = new MulticastSettings(List.of(InetAddress.getByName("239.77.1.1")), "none0", null,
				1);
		assertThatExceptionOfType(ServerBindException.class)
			.isThrownBy(() -> start(new Settings().multicast(multicast)))
			.havingCause()
			.withMessage("no network interface 'none0'");
	}

	@Test
	void takenPortFailsTheStart() throws Exception {
		try (DatagramSocket taken = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0))) {
			assertThatExceptionOfType(ServerBindException.class)
				.isThrownBy(() -> start(new Settings().address("127.0.0.1").port(taken.getLocalPort())))
				.satisfies((ex) -> assertThat(ex.getError()).isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE))
				.satisfies((ex) -> assertThat(ex.getTransport()).isEqualTo("udp"));
		}
	}

	@Test
	void foreignAddressFailsTheStart() {
		assertThatExceptionOfType(ServerBindException.class)
			.isThrownBy(() -> start(new Settings().address("192.0.2.1")))
			.satisfies((ex) -> assertThat(ex.getError()).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE));
	}

	@Test
	void reusePortOpensASocketPerEventLoop() throws Exception {
		try (UdpTestServer server = start(
				new Settings().options(new UdpSocketOptions(false, true, null, null, null, false)))) {
			assertThat(server.adapter.sockets()).isEqualTo(2);
			for (int i = 0; i < 16; i++) {
				try (UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
					assertThat(client.exchange(UdpTestClient.random(i))).isEqualTo(UdpTestClient.random(i));
				}
			}
			assertThat(server.recorder.sent).hasValue(16);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void segmentationChangesNoDatagram(String address) throws Exception {
		try (UdpTestServer server = start(
				new Settings().options(new UdpSocketOptions(false, false, null, null, null, true)));
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			List<byte[]> sent = IntStream.range(0, 64)
				.mapToObj((i) -> UdpTestClient.random((i < 60) ? 500 : i))
				.toList();
			for (byte[] content : sent) {
				client.send(content);
			}
			for (byte[] content : sent) {
				assertThat(client.receive()).isEqualTo(content);
			}
			assertThat(server.recorder.sent).hasValue(64);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void overflowOfTheReceiveBufferIsCountedOnce(boolean reusePort) throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		AtomicBoolean first = new AtomicBoolean(true);
		try (UdpTestServer server = UdpTestServer.start(this.type,
				new Settings().options(new UdpSocketOptions(false, reusePort, 4096, null, null, false)).build(),
				List.of(), (handler) -> (message) -> {
					if (first.compareAndSet(true, false)) {
						awaitUninterruptibly(held);
					}
					handler.handleMessage(message);
				}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			int sent = 200;
			for (int i = 0; i < sent; i++) {
				client.send(UdpTestClient.random(1000));
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

	@Test
	void drainAnswersWhatWasReceived() throws Exception {
		CountDownLatch held = new CountDownLatch(1);
		AtomicBoolean first = new AtomicBoolean(true);
		try (UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.DEFAULTS, List.of(),
				(handler) -> (message) -> {
					if (first.compareAndSet(true, false)) {
						awaitUninterruptibly(held);
					}
					handler.handleMessage(message);
				}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 60; i++) {
				client.send(UdpTestClient.text("" + i));
			}
			var drained = server.adapter.drain();
			assertThat(server.adapter.boundAddress()).isNull();
			held.countDown();
			drained.get(10, TimeUnit.SECONDS);
			for (int i = 0; i < 60; i++) {
				assertThat(client.receive()).asString().isEqualTo("" + i);
			}
			assertThat(server.recorder.sent).hasValue(60);
		}
	}

	@Test
	void startsAgainOnTheSamePort() throws Exception {
		try (UdpTestServer server = start(new Settings().address("127.0.0.1"))) {
			int port = server.port();
			server.adapter.stop();
			try (UdpTestServer next = start(new Settings().address("127.0.0.1").port(port));
					UdpTestClient client = UdpTestClient.connected(next.at("127.0.0.1"))) {
				assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("a");
			}
			server.adapter.start();
			try (UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
				assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("a");
			}
		}
	}

	@Test
	void refusedAnswerIsCountedAndHarmsNoOther() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.DEFAULTS, List.of(),
				(handler) -> (message) -> {
					// Only a socket with SO_BROADCAST may send there.
					handler.handleMessage(MessageBuilder.withPayload("refused")
						.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("255.255.255.255", 9))
						.build());
					handler.handleMessage(message);
				}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 100; i++) {
				client.send(UdpTestClient.text("" + i));
			}
			for (int i = 0; i < 100; i++) {
				assertThat(client.receive()).asString().isEqualTo("" + i);
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isEqualTo(100);
			assertThat(server.recorder.errors(SocketError.PERMISSION_DENIED)).isEqualTo(100);
		}
	}

	@Test
	void payloadsOfOtherKindsGoWhereTheHeaderSays() throws Exception {
		try (UdpTestServer server = start(); UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			for (Object payload : List.of("text", UdpTestClient.text("text"))) {
				server.sender.handleMessage(MessageBuilder.withPayload(payload)
					.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("127.0.0.1", client.port()))
					.build());
				assertThat(client.receive()).asString().isEqualTo("text");
			}
		}
	}

	@Test
	void failureOfTheFlowIsCountedAndHarmsNoOther() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.DEFAULTS, List.of(),
				(handler) -> (message) -> {
					if (((Datagram) message.getPayload()).content().readableBytes() == 3) {
						throw new IllegalStateException("bad");
					}
					handler.handleMessage(message);
				}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(UdpTestClient.text("bad"));
			assertThat(client.exchange(UdpTestClient.text("good"))).asString().isEqualTo("good");
			assertThat(server.recorder.errors(SocketError.UNKNOWN)).isEqualTo(1);
		}
	}

	@Test
	void datagramThatIsKeptStaysWhatItWas() throws Exception {
		List<Datagram> kept = new ArrayList<>();
		try (UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.DEFAULTS, List.of(),
				(handler) -> (message) -> {
					kept.add(((Datagram) message.getPayload())
						.replace(((Datagram) message.getPayload()).content().retain()));
					handler.handleMessage(message);
				}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 3; i++) {
				client.exchange(UdpTestClient.text("message " + i));
			}
			assertThat(kept)
				.extracting((datagram) -> datagram.content().toString(java.nio.charset.StandardCharsets.UTF_8))
				.containsExactly("message 0", "message 1", "message 2");
		}
		finally {
			kept.forEach(Datagram::release);
		}
	}

	private UdpTestServer start() {
		return start(new Settings());
	}

	private UdpTestServer start(Settings settings) {
		return UdpTestServer.start(this.type, settings.build());
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Settings that differ from the defaults.
	 */
	private static final class Settings {

		private @Nullable String address;

		private int port;

		private int maxDatagramSize = UdpServerSettings.MAX_DATAGRAM_SIZE;

		private @Nullable Integer replyPort;

		private int rate;

		private SourceFilter sources = SourceFilter.ALL;

		private MulticastSettings multicast = MulticastSettings.NONE;

		private boolean portSharing;

		private UdpSocketOptions options = UdpSocketOptions.DEFAULTS;

		Settings address(String address) {
			this.address = address;
			return this;
		}

		Settings port(int port) {
			this.port = port;
			return this;
		}

		Settings maxDatagramSize(int size) {
			this.maxDatagramSize = size;
			return this;
		}

		Settings replyPort(int port) {
			this.replyPort = port;
			return this;
		}

		Settings rate(int rate) {
			this.rate = rate;
			return this;
		}

		Settings sources(SourceFilter sources) {
			this.sources = sources;
			return this;
		}

		Settings multicast(MulticastSettings multicast) {
			this.multicast = multicast;
			return this;
		}

		Settings portSharing() {
			this.portSharing = true;
			return this;
		}

		Settings options(UdpSocketOptions options) {
			this.options = options;
			return this;
		}

		UdpServerSettings build() {
			return new UdpServerSettings("test", this.address, this.port, this.maxDatagramSize, this.replyPort,
					this.rate, this.sources, this.multicast, this.portSharing, this.options, null);
		}

	}

}
