package dev.socketecho.transport.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests of where servers listen, over real sockets.
 */
class TcpServerBindTests {

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void failsToStartOnPortThatIsTaken(TransportType transport) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			ServerBindException failure = bindFailure(transport, "127.0.0.1", taken.getLocalPort());
			assertThat(failure.getError()).isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE);
			assertThat(failure.getServer()).isEqualTo("test");
			assertThat(failure.getAddress()).isEqualTo("127.0.0.1");
			assertThat(failure.getPort()).isEqualTo(taken.getLocalPort());
			assertThat(failure).hasMessage("server 'test' cannot listen on 127.0.0.1 port " + taken.getLocalPort());
		}
	}

	@Test
	void saysThatItTriedAllAddresses() throws Exception {
		try (ServerSocket taken = new ServerSocket(0)) {
			ServerBindException failure = bindFailure(TransportType.AUTO, null, taken.getLocalPort());
			assertThat(failure.getError()).isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE);
			assertThat(failure.getAddress()).isEqualTo("*");
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void failsToStartOnAddressThatIsNotLocal(TransportType transport) {
		assertThat(bindFailure(transport, "192.0.2.1", 0).getError()).isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE);
	}

	@Test
	void failsToStartOnNameThatDoesNotResolve() {
		ServerBindException failure = bindFailure(TransportType.AUTO, "no-such-host.invalid", 0);
		assertThat(failure.getError()).isEqualTo(SocketError.HOST_NOT_FOUND);
		assertThat(failure.getAddress()).isEqualTo("no-such-host.invalid");
	}

	@Test
	void startsAfterFailureOnceThePortIsFree() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			int port = server.factory.getPort();
			server.context.stop();
			ServerBindException failure;
			try (TestServer taking = TestServer.start(Framing.LINE, (spec) -> spec.port = port)) {
				assertThat(taking.factory.getPort()).isEqualTo(port);
				failure = bindFailure(TransportType.AUTO, "127.0.0.1", port);
			}
			assertThat(failure.getError()).isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE);
			try (TestServer again = TestServer.start(Framing.LINE, (spec) -> spec.port = port)) {
				assertEchoes(again, "127.0.0.1");
			}
		}
	}

	@Test
	void listensOnFreePortAndSaysWhich() {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			assertThat(server.factory.getPort()).isBetween(1, 65535);
			assertThat(server.factory.getServerSocketAddress())
				.isEqualTo(new InetSocketAddress("127.0.0.1", server.factory.getPort()));
			assertThat(server.factory.isListening()).isTrue();
			assertEchoes(server, "127.0.0.1");
		}
	}

	@Test
	void startsAgainAfterStop() {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			assertEchoes(server, "127.0.0.1");
			server.context.stop();
			assertThat(server.factory.isRunning()).isFalse();
			assertThat(server.factory.isListening()).isFalse();
			server.context.start();
			assertEchoes(server, "127.0.0.1");
		}
	}

	@Test
	void refusesConnectionsAfterStop() {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			int port = server.factory.getPort();
			server.context.stop();
			assertThatExceptionOfType(java.io.UncheckedIOException.class)
				.isThrownBy(() -> new TestClient("127.0.0.1", port))
				.withCauseInstanceOf(java.net.ConnectException.class);
		}
	}

	@ParameterizedTest
	@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
	void listensOnAllAddressesOfBothFamiliesByDefault(TransportType transport) throws Exception {
		assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByName("::1"))).isNotNull();
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.address = null;
			spec.transport = transport;
		})) {
			assertEchoes(server, "127.0.0.1");
			assertEchoes(server, "::1");
		}
	}

	@Test
	void listensOnIpv6Literal() throws Exception {
		assumeThat(NetworkInterface.getByInetAddress(InetAddress.getByName("::1"))).isNotNull();
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.address = "::1")) {
			assertEchoes(server, "::1");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "localhost", "127.0.0.1", "127.0.0.2" })
	void listensOnOneAddressByNameOrLiteralOnly(String address) throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.address = address)) {
			assertEchoes(server, InetAddress.getByName(address).getHostAddress());
			assertThatExceptionOfType(java.io.UncheckedIOException.class)
				.isThrownBy(() -> new TestClient("127.0.0.3", server.factory.getPort()));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "EPOLL", "NIO", "IO_URING" })
	void sharesPortIfToldTo(TransportType transport) {
		assumeThat(TransportTypes.available()).contains(transport);
		SocketOptions sharing = new SocketOptions(true, true, true, true, null, null, null, null);
		try (TestServer first = TestServer.start(Framing.LINE, (spec) -> {
			spec.options = sharing;
			spec.transport = transport;
		}); TestServer second = TestServer.start(Framing.LINE, (spec) -> {
			spec.options = sharing;
			spec.transport = transport;
			spec.port = first.factory.getPort();
		})) {
			assertThat(second.factory.getPort()).isEqualTo(first.factory.getPort());
		}
	}

	private static void assertEchoes(TestServer server, String address) {
		try (TestClient client = new TestClient(address, server.factory.getPort())) {
			assertThat(client.send("hello\n").read(6)).isEqualTo("hello\n");
		}
	}

	/**
	 * Starts in the context's lifecycle, whose exception has the server's as its cause.
	 */
	private static ServerBindException bindFailure(TransportType transport, @Nullable String address, int port) {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.address = address;
			spec.port = port;
		})) {
			throw new AssertionError("listens on " + server.factory.getServerSocketAddress());
		}
		catch (RuntimeException ex) {
			for (Throwable cause = ex; cause != null; cause = cause.getCause()) {
				if (cause instanceof ServerBindException failure) {
					return failure;
				}
			}
			throw ex;
		}
	}

}
