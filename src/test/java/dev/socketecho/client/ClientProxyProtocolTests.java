package dev.socketecho.client;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.proxy.ProxyProtocol;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The PROXY protocol headers that TCP clients send, byte by byte.
 */
class ClientProxyProtocolTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final byte[] SIGNATURE = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

	@AutoClose
	private final EventLoops eventLoops = new EventLoops(TransportType.AUTO, 1, "test");

	private final ClientRecording recording = new ClientRecording();

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, TCP4", "::1, TCP6" })
	void version1IsALineBeforeTheFirstMessage(String host, String family) throws Exception {
		CompletableFuture<String> line = new CompletableFuture<>();
		CompletableFuture<Integer> source = new CompletableFuture<>();
		try (ClientPeer peer = ClientPeer.startOn(listener(host), (connection) -> {
			source.complete(connection.getPort());
			InputStream in = connection.getInputStream();
			StringBuilder header = new StringBuilder();
			while (header.indexOf("\r\n") < 0) {
				header.append((char) in.read());
			}
			line.complete(header.toString());
			ClientPeer.echo(in, connection.getOutputStream());
		})) {
			exchange(host, peer.port(), ProxyProtocol.V1);
			assertThat(get(line))
				.isEqualTo("PROXY %s %s %s %d %d\r\n".formatted(family, host, host, get(source), peer.port()));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void version2IsABlockBeforeTheFirstMessage(String host) throws Exception {
		byte[] address = InetAddress.getByName(host).getAddress();
		CompletableFuture<byte[]> block = new CompletableFuture<>();
		CompletableFuture<Integer> source = new CompletableFuture<>();
		try (ClientPeer peer = ClientPeer.startOn(listener(host), (connection) -> {
			source.complete(connection.getPort());
			block.complete(connection.getInputStream().readNBytes(16 + 2 * address.length + 4));
			ClientPeer.echo(connection.getInputStream(), connection.getOutputStream());
		})) {
			exchange(host, peer.port(), ProxyProtocol.V2);
			byte[] expected = ByteBuffer.allocate(16 + 2 * address.length + 4)
				.put(SIGNATURE)
				.put((byte) 0x21)
				.put((byte) ((address.length == 4) ? 0x11 : 0x21))
				.putShort((short) (2 * address.length + 4))
				.put(address)
				.put(address)
				.putShort((short) (int) get(source))
				.putShort((short) peer.port())
				.array();
			assertThat(get(block)).isEqualTo(expected);
		}
	}

	/**
	 * Sends a message, and sees that only its own bytes are counted.
	 */
	private void exchange(String host, int port, ProxyProtocol proxyProtocol) throws Exception {
		TcpClientSettings connection = new TcpClientSettings("test", host, port,
				new FramingSpec(Framing.NONE, null, 1024, false), LONG, null, 0, SocketOptions.DEFAULTS, proxyProtocol,
				null, TcpClientSettings.DEFAULT_PATH);
		try (TcpEchoClient client = new TcpEchoClient(new TcpEchoClientSettings(connection, LONG, 1, false),
				this.eventLoops, this.recording)
			.startWithoutFlow()) {
			byte[] message = "hello".getBytes(StandardCharsets.US_ASCII);
			assertThat(get(client.send(message)).message()).isEqualTo(message);
			assertThat(this.recording.bytesSent).hasValue(message.length);
			assertThat(this.recording.messagesSent).hasValue(1);
			assertThat(this.recording.bytesReceived).hasValue(message.length);
		}
	}

	private static ServerSocket listener(String host) throws Exception {
		return new ServerSocket(0, 10, InetAddress.getByName(host));
	}

	private static <T> T get(CompletableFuture<T> future) throws Exception {
		return future.get(40, TimeUnit.SECONDS);
	}

}
