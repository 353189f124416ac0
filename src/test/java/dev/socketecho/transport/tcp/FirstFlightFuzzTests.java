package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws random first flights at servers: garbage, and TLS and PROXY protocol with some
 * bytes wrong. {@code -Dfuzz.flights} says how many, {@code -Dfuzz.seed} which; 100,000
 * take {@code -Djunit.jupiter.execution.timeout.default=10m}, too. The buffers are looked
 * after by the leak detection that all tests have.
 */
@Isolated
class FirstFlightFuzzTests {

	private static final int FLIGHTS = Integer.getInteger("fuzz.flights", 3000);

	private static final long SEED = Long.getLong("fuzz.seed", 20260529L);

	/** Linux has all of 127.0.0.0/8 on the loopback interface. */
	private static final int SOURCES = OS.LINUX.isCurrentOs() ? 200 : 1;

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@ParameterizedTest
	@CsvSource({ "true, false", "false, true", "true, true" })
	void leavesNothingBehind(boolean tls, boolean proxyProtocol) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls serverTls = tls ? new ServerTls(certificates.material(certificates.server), ClientAuthentication.NEED)
				: null;
		byte[] hello = clientHello();
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.tls = serverTls;
			spec.proxyProtocol = proxyProtocol;
			spec.lingerTimeout = Duration.ofMillis(200);
		})) {
			long descriptors = descriptors();
			int flights = FLIGHTS / 3;
			IntStream.range(0, flights)
				.parallel()
				.forEach((i) -> fly(server, source(i), flight(new Random(SEED + i), hello)));
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> server.recorder.closed.size() == flights && server.factory.activeConnections() == 0);
			assertThat(server.recorder.opened).hasValue(flights);
			assertThat(server.recorder.rejected).isEmpty();
			Awaitility.await().atMost(TIMEOUT).until(() -> descriptors() <= descriptors);
		}
	}

	/**
	 * One of many addresses of this host: a single one runs out of ports.
	 */
	private static InetSocketAddress source(int flight) {
		return new InetSocketAddress("127.0.0." + (1 + flight % SOURCES), 0);
	}

	private static void fly(TestServer server, InetSocketAddress source, byte[] flight) {
		try (Socket client = new Socket()) {
			client.bind(source);
			client.connect(new InetSocketAddress("127.0.0.1", server.factory.getPort()));
			client.setSoTimeout((int) TIMEOUT.toMillis());
			client.getOutputStream().write(flight);
			client.shutdownOutput();
			client.getInputStream().readAllBytes();
		}
		catch (SocketException ex) {
			// Reset, which is an answer too
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static byte[] flight(Random random, byte[] hello) {
		byte[] garbage = new byte[random.nextInt(600)];
		random.nextBytes(garbage);
		byte[] v1 = ProxyHeaders.v1("PROXY TCP4 192.0.2.%d 198.51.100.2 5555 7007".formatted(random.nextInt(300)));
		byte[] v2 = ProxyHeaders.v2("2001:db8::1", random.nextInt(65536), Arrays.copyOf(garbage, garbage.length / 4));
		List<byte[]> parts = switch (random.nextInt(9)) {
			case 0 -> List.of(garbage);
			case 1 -> List.of(damaged(random, hello));
			case 2 -> List.of(hello, garbage);
			case 3 -> List.of(damaged(random, v1), hello);
			case 4 -> List.of(damaged(random, v2), garbage);
			case 5 -> List.of(v1, damaged(random, hello));
			case 6 -> List.of(v2, garbage);
			case 7 -> List.of(v2, cut(random, hello));
			default -> List.of(cut(random, v2));
		};
		byte[] flight = new byte[parts.stream().mapToInt((part) -> part.length).sum()];
		int at = 0;
		for (byte[] part : parts) {
			System.arraycopy(part, 0, flight, at, part.length);
			at += part.length;
		}
		return flight;
	}

	private static byte[] damaged(Random random, byte[] bytes) {
		byte[] damaged = bytes.clone();
		for (int i = 0; i <= random.nextInt(4); i++) {
			damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
		}
		return damaged;
	}

	private static byte[] cut(Random random, byte[] bytes) {
		return Arrays.copyOf(bytes, random.nextInt(bytes.length));
	}

	/**
	 * What the JDK's client says first.
	 */
	private static byte[] clientHello() throws Exception {
		var engine = TestCertificates.INSTANCE.clientContext(null).createSSLEngine("localhost", 1);
		engine.setUseClientMode(true);
		var out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
		engine.beginHandshake();
		engine.wrap(ByteBuffer.allocate(0), out);
		return Arrays.copyOf(out.array(), out.position());
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.count();
		}
	}

}
