package dev.socketecho.transport.websocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.testing.Fuzz;
import dev.socketecho.transport.tcp.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Throws mutations of handshakes, and of frames after a right handshake, at a WebSocket
 * server. Whatever it makes of them, what it answers is HTTP and then frames, and it
 * keeps no connection, descriptor or buffer. (The leak detection that all tests have
 * looks after the buffers.)
 */
class WebSocketFuzzTests {

	private static final int INPUTS = Fuzz.INPUTS;

	private static final int WARM_UP = 10;

	/** Linux has all of 127.0.0.0/8 on the loopback interface. */
	private static final int SOURCES = OS.LINUX.isCurrentOs() ? 200 : 1;

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	private static final String HEAD_END = "\r\n\r\n";

	private static final List<byte[]> HANDSHAKES = Fuzz.corpus("websocket-handshakes");

	private static final List<byte[]> FRAMES = Fuzz.corpus("websocket-frames");

	@ParameterizedTest(name = "handshakes are mutated: {0}")
	@ValueSource(booleans = { true, false })
	void leavesNothingBehind(boolean mutatesHandshakes) throws Exception {
		try (TestServer server = TestServer.start(Framing.WEBSOCKET, (spec) -> {
			spec.maxMessageSize = 2000;
			spec.lingerTimeout = Duration.ofMillis(200);
		})) {
			// What the first connections load stays open
			IntStream.range(0, WARM_UP).forEach((i) -> fly(server, mutatesHandshakes, i));
			Awaitility.await().atMost(TIMEOUT).until(() -> server.recorder.closed.size() == WARM_UP);
			long descriptors = descriptors();
			IntStream.range(WARM_UP, INPUTS).parallel().forEach((i) -> fly(server, mutatesHandshakes, i));
			Awaitility.await()
				.atMost(TIMEOUT)
				.until(() -> server.recorder.closed.size() == INPUTS && server.factory.activeConnections() == 0);
			assertThat(server.recorder.opened).hasValue(INPUTS);
			assertThat(server.recorder.messagesSent.get()).isLessThanOrEqualTo(server.recorder.messagesReceived.get())
				.isPositive();
			Awaitility.await().atMost(TIMEOUT).until(() -> descriptors() <= descriptors);
		}
	}

	private static void fly(TestServer server, boolean mutatesHandshake, int number) {
		Random random = new Random(Fuzz.SEED + number);
		byte[] handshake = mutatesHandshake ? Fuzz.mutated(HANDSHAKES, random) : HANDSHAKES.get(random.nextInt(4));
		byte[] frames = mutatesHandshake ? FRAMES.get(random.nextInt(FRAMES.size())) : Fuzz.mutated(FRAMES, random);
		try (Socket client = new Socket()) {
			// One of many addresses of this host: a single one runs out of ports
			client.bind(new InetSocketAddress("127.0.0." + (1 + number % SOURCES), 0));
			client.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), server.factory.getPort()));
			client.setSoTimeout((int) TIMEOUT.toMillis());
			client.setTcpNoDelay(true);
			ByteArrayOutputStream answer = new ByteArrayOutputStream();
			send(client, Fuzz.segments(handshake, random));
			if (!mutatesHandshake) {
				readHead(client, answer);
			}
			send(client, Fuzz.segments(frames, random));
			client.shutdownOutput();
			client.getInputStream().transferTo(answer);
			assertThat(problem(answer.toByteArray(), mutatesHandshake))
				.as("the answer to input %d: %s %s", number, Fuzz.hex(handshake), Fuzz.hex(frames))
				.isEmpty();
		}
		catch (SocketException ex) {
			// Reset, which is an answer too
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Input %d: %s %s".formatted(number, Fuzz.hex(handshake), Fuzz.hex(frames)),
					ex);
		}
	}

	private static void send(Socket client, List<byte[]> segments) throws IOException {
		for (byte[] segment : segments) {
			client.getOutputStream().write(segment);
		}
	}

	/**
	 * A client waits for the answer to its handshake (RFC 6455, section 4.1).
	 */
	private static void readHead(Socket client, ByteArrayOutputStream head) throws IOException {
		int last = 0;
		while (last != 0x0D0A0D0A) {
			int next = client.getInputStream().read();
			if (next < 0) {
				return;
			}
			head.write(next);
			last = last << 8 | next;
		}
	}

	/**
	 * What is wrong with an answer, empty if nothing is.
	 */
	private static String problem(byte[] answer, boolean mayBeRefused) throws IOException {
		String text = new String(answer, StandardCharsets.ISO_8859_1);
		boolean upgraded = text.startsWith("HTTP/1.1 101 ");
		if (!upgraded) {
			boolean http = text.isEmpty() || (text.startsWith("HTTP/1.1 4") && text.contains(HEAD_END));
			return (mayBeRefused && http) ? "" : "no upgrade: " + text;
		}
		int head = text.indexOf(HEAD_END);
		if (head < 0) {
			return "the head has no end: " + text;
		}
		int begin = head + HEAD_END.length();
		return problemOfFrames(new DataInputStream(new ByteArrayInputStream(answer, begin, answer.length - begin)));
	}

	/**
	 * Frames are whole and not masked, and a close frame is the last one.
	 */
	private static String problemOfFrames(DataInputStream frames) throws IOException {
		try {
			for (int first = frames.read(); first >= 0; first = frames.read()) {
				int length = frames.readUnsignedByte();
				long bytes = switch (length) {
					case 126 -> frames.readUnsignedShort();
					case 127 -> frames.readLong();
					default -> length;
				};
				if (length > 127 || !Set.of(0, 1, 2, 8, 10).contains(first & 15)) {
					return "a frame that is masked, or none of a server's: %x %x".formatted(first, length);
				}
				frames.skipNBytes(bytes);
				if ((first & 15) == Frame.CLOSE && frames.available() > 0) {
					return "%d bytes after the close frame".formatted(frames.available());
				}
			}
			return "";
		}
		catch (EOFException ex) {
			return "half a frame at the end";
		}
	}

	private static long descriptors() throws IOException {
		try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
			return open.count();
		}
	}

}
