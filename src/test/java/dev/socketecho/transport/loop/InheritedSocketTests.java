package dev.socketecho.transport.loop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.testing.Background;
import dev.socketecho.transport.direct.FileControl;
import dev.socketecho.transport.tcp.BlockedEventLoop;
import dev.socketecho.transport.tcp.ConnectionDrain;
import dev.socketecho.transport.tcp.TestClient;
import dev.socketecho.transport.tcp.TestServer;
import dev.socketecho.transport.udp.UdpServerSettings;
import dev.socketecho.transport.udp.UdpTestClient;
import dev.socketecho.transport.udp.UdpTestServer;
import dev.socketecho.transport.udp.UdpTestSettings;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests {@link InheritedSockets} and the servers that use them. This process is also the
 * service manager.
 */
@ExtendWith(OutputCaptureExtension.class)
class InheritedSocketTests {

	private static final long PID = ProcessHandle.current().pid();

	private final List<Socket> open = new ArrayList<>();

	private Socket listening;

	private int port;

	@BeforeEach
	void listen() throws IOException {
		assumeTrue(Epoll.isAvailable(), "no epoll");
		this.listening = open(Socket.newSocketStream());
		this.listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
		this.listening.listen(16);
		this.port = this.listening.localAddress().getPort();
	}

	@AfterEach
	void close() throws IOException {
		for (Socket socket : this.open) {
			socket.close();
		}
	}

	@Test
	void isTakenByItsNameOnce() {
		InheritedSockets sockets = handedOver("1", "one:test");
		assertThat(sockets.takeTcp("test", 0)).isNull();
		assertThat(sockets.takeTcp("one", 0)).isEqualTo(this.listening.intValue());
		assertThat(sockets.takeTcp("one", 0)).isNull();
	}

	@Test
	void isTakenByItsPortWithoutAName() {
		for (String names : new String[] { "", "socket-echo.socket" }) {
			InheritedSockets sockets = handedOver("1", names);
			assertThat(sockets.takeTcp("test", this.port + 1)).isNull();
			assertThat(sockets.takeTcp("test", this.port)).isEqualTo(this.listening.intValue());
		}
	}

	@Test
	void isNotTakenByAnotherProcessOrWithoutANumber() {
		int fd = this.listening.intValue();
		Map<String, String> others = Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1");
		assertThat(InheritedSockets.of(others, PID, fd).takeTcp("test", this.port)).isNull();
		assertThat(InheritedSockets.of(Map.of(), PID, fd).takeTcp("test", this.port)).isNull();
		assertThat(handedOver("one", "").takeTcp("test", this.port)).isNull();
	}

	@Test
	void servesConnectionsThatCameBeforeItWasTaken() throws IOException {
		try (TestClient early = new TestClient("127.0.0.1", this.port)) {
			early.send("early");
			try (TestServer server = adopt(TransportType.EPOLL); TestClient late = server.connect()) {
				assertThat(server.factory.getPort()).isEqualTo(this.port);
				assertThat(early.read(5)).isEqualTo("early");
				late.send("late");
				assertThat(late.read(4)).isEqualTo("late");
				assertThat(server.recorder.opened).hasValue(2);
			}
		}
	}

	@Test
	void leavesConnectionsThatItHasNotAcceptedToTheNextProcess() throws Exception {
		List<TestClient> clients = new ArrayList<>();
		try (TestServer first = adopt(TransportType.EPOLL)) {
			BlockedEventLoop blocked = BlockedEventLoop.of(first.eventLoops);
			connect(clients, 3);
			CompletableFuture<ConnectionDrain> drained = Background.supply(first.factory::drain);
			await().until(() -> !first.factory.isListening());
			blocked.release();
			assertThat(drained.get(20, TimeUnit.SECONDS).total()).isZero();
			connect(clients, 1);
		}
		try (TestServer second = adopt(TransportType.EPOLL)) {
			for (TestClient client : clients) {
				assertThat(client.read(5)).isEqualTo("hello");
				client.leave();
			}
			assertThat(second.recorder.opened).hasValue(4);
		}
	}

	private void connect(List<TestClient> clients, int count) {
		for (int i = 0; i < count; i++) {
			clients.add(new TestClient("127.0.0.1", this.port).send("hello"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "0.0.0.0", "::1", "::" })
	void udpAnswersWhatCameBeforeItWasTakenAndLeavesTheRest(String address) throws Exception {
		SocketProtocolFamily family = address.contains(":") ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET;
		Socket datagrams = open((Socket) new EpollDatagramChannel(family).fd());
		datagrams.bind(new InetSocketAddress(address, 0));
		String own = datagrams.localAddress().getAddress().isAnyLocalAddress() ? "127.0.0.2" : address;
		InetSocketAddress server = new InetSocketAddress(own, datagrams.localAddress().getPort());
		try (UdpTestClient client = UdpTestClient.connected(server)) {
			client.send(UdpTestClient.text("early"));
			for (int i = 0; i < 2; i++) {
				try (UdpTestServer adopted = adoptUdp(datagrams)) {
					assertThat(adopted.port()).isEqualTo(server.getPort());
					assertThat(client.receive()).isEqualTo(UdpTestClient.text("early"));
					assertThat(client.exchange(random(1000))).isEqualTo(random(1000));
					assertThat(client.exchange(new byte[0])).isEmpty();
					assertThat(adopted.recorder.drops(DropReason.KERNEL_BUFFER)).isZero();
				}
				client.send(UdpTestClient.text("early"));
			}
		}
	}

	@Test
	void udpJoinsItsGroupsAgain() throws Exception {
		Socket datagrams = open(Socket.newSocketDgram());
		datagrams.bind(new InetSocketAddress("0.0.0.0", 0));
		InetSocketAddress group = new InetSocketAddress("239.255.7.7", datagrams.localAddress().getPort());
		MulticastSettings groups = new MulticastSettings(List.of(group.getAddress()), "127.0.0.1", true, 0);
		try (UdpTestClient client = UdpTestClient.boundTo("127.0.0.1")) {
			client.socket.setOption(java.net.StandardSocketOptions.IP_MULTICAST_IF,
					java.net.NetworkInterface.getByInetAddress(InetAddress.getByName("127.0.0.1")));
			for (int i = 0; i < 2; i++) {
				try (UdpTestServer adopted = adoptUdp(datagrams, groups)) {
					assertThat(adopted.port()).isEqualTo(group.getPort());
					client.send(UdpTestClient.text("to all"), group);
					assertThat(client.receive()).isEqualTo(UdpTestClient.text("to all"));
				}
			}
		}
	}

	@Test
	void udpTakesOnlyDatagramSockets() throws IOException {
		assertThat(handedOver("1", "test").takeUdp("test", this.port)).isNull();
		Socket datagrams = open(Socket.newSocketDgram());
		datagrams.bind(new InetSocketAddress("127.0.0.1", 0));
		int port = datagrams.localAddress().getPort();
		assertThat(handedOver(datagrams, "test").takeTcp("test", port)).isNull();
		assertThat(handedOver(datagrams, "").takeUdp("test", port)).isEqualTo(datagrams.intValue());
	}

	@Test
	void whatAServerCannotTakeIsRefused() throws IOException {
		assertRefused(this.listening, Set.of(), Set.of("test"),
				"a listening TCP socket on 127.0.0.1:%d, was handed over for UDP server 'test' (expected: a UDP socket)"
					.formatted(this.port));
		assertRefused(open(Socket.newSocketDgram()), Set.of("test"), Set.of(), "a UDP socket");
		assertRefused(open(Socket.newSocketStream()), Set.of("test"), Set.of(), "a TCP socket that does not listen");
		assertRefused(open(Socket.newSocketDomain()), Set.of("test"), Set.of("test"),
				"a socket that is neither TCP nor UDP");
		Path file = Path.of("/proc/self/status");
		assertThat(Files.exists(file)).isTrue();
		io.netty.channel.unix.FileDescriptor noSocket = io.netty.channel.unix.FileDescriptor.from(file.toFile());
		try {
			assertThatExceptionOfType(InheritedSocketException.class)
				.isThrownBy(() -> handedOver("1", "test", noSocket.intValue()).check(Set.of("test"), Set.of()))
				.withMessageContaining("no socket");
		}
		finally {
			noSocket.close();
		}
	}

	@Test
	void aNameThatServersOfBothKindsHaveFitsEither() throws IOException {
		Set<String> test = Set.of("test");
		handedOver(this.listening, "test").check(test, test);
		handedOver(open(Socket.newSocketDgram()), "test").check(test, test);
		handedOver(this.listening, "another").check(test, test);
	}

	@Test
	void whatIsLeftIsWarnedOf(CapturedOutput output) {
		InheritedSockets sockets = handedOver(this.listening, "web.socket");
		sockets.warnOfUnused();
		await().untilAsserted(() -> assertThat(output)
			.contains("('web.socket'), a listening TCP socket on 127.0.0.1:%d".formatted(this.port)));
		assertThat(sockets.takeTcp("test", this.port)).isNotNull();
		sockets.warnOfUnused();
		assertThat(output.getAll().split("web.socket", -1)).hasSize(2);
	}

	@Test
	void socketsForAnotherProcessAreWarnedOf(CapturedOutput output) {
		InheritedSockets.of(Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1"), PID);
		await()
			.untilAsserted(() -> assertThat(output).contains("LISTEN_PID is 1, and this process is %d".formatted(PID)));
	}

	@Test
	void failsTheStartWithATransportThatCannotTakeIt() {
		assertThatExceptionOfType(InheritedSocketException.class).isThrownBy(() -> adopt(TransportType.NIO).close())
			.withMessageContaining("echo.transport=nio cannot take (expected: epoll)");
	}

	private static void assertRefused(Socket socket, Set<String> tcpServers, Set<String> udpServers, String reason) {
		assertThatExceptionOfType(InheritedSocketException.class)
			.isThrownBy(() -> handedOver(socket, "test").check(tcpServers, udpServers))
			.withMessageContaining("file descriptor %d ('test'), ".formatted(socket.intValue()))
			.withMessageContaining(reason);
	}

	/**
	 * Starts a server with a duplicate of the descriptor; this process keeps the socket.
	 */
	private TestServer adopt(TransportType transport) {
		InheritedSockets sockets = duplicate(this.listening);
		return TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.port = this.port;
			spec.inheritedSockets = sockets;
		});
	}

	private UdpTestServer adoptUdp(Socket socket) {
		return adoptUdp(socket, MulticastSettings.NONE);
	}

	private UdpTestServer adoptUdp(Socket socket, MulticastSettings groups) {
		UdpServerSettings settings = new UdpTestSettings().port(socket.localAddress().getPort())
			.multicast(groups)
			.build();
		return UdpTestServer.start(TransportType.EPOLL, settings, duplicate(socket));
	}

	private Socket open(Socket socket) {
		this.open.add(socket);
		return socket;
	}

	private static InheritedSockets duplicate(Socket socket) {
		try {
			return handedOver("1", "test", FileControl.duplicate(socket.intValue()));
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	private InheritedSockets handedOver(String count, String names) {
		return handedOver(count, names, this.listening.intValue());
	}

	private static InheritedSockets handedOver(Socket socket, String name) {
		return handedOver("1", name, socket.intValue());
	}

	private static InheritedSockets handedOver(String count, String names, int first) {
		Map<String, String> environment = Map.of("LISTEN_FDS", count, "LISTEN_PID", Long.toString(PID),
				"LISTEN_FDNAMES", names);
		return InheritedSockets.of(environment, PID, first);
	}

}
