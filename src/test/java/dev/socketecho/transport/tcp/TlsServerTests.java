package dev.socketecho.transport.tcp;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.SocketOptions;
import io.netty.buffer.ByteBuf;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

import static dev.socketecho.testing.RandomBytes.random;
import static dev.socketecho.transport.tcp.TlsServers.TIMEOUT;
import static dev.socketecho.transport.tcp.TlsServers.certificateOf;
import static dev.socketecho.transport.tcp.TlsServers.certificates;
import static dev.socketecho.transport.tcp.TlsServers.connect;
import static dev.socketecho.transport.tcp.TlsServers.exchange;
import static dev.socketecho.transport.tcp.TlsServers.sendAndReadToEnd;
import static dev.socketecho.transport.tcp.TlsServers.start;
import static dev.socketecho.transport.tcp.TlsServers.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of TCP servers with TLS, against the JDK's sockets.
 */
@SuppressWarnings("try") // closing is part of what is tested
@Execution(ExecutionMode.CONCURRENT)
class TlsServerTests {

	/**
	 * OpenSSL's engine, and the JDK's, each with both versions. A server that asks for
	 * certificates has the JDK's.
	 */
	static Stream<Arguments> engines() {
		return Stream.of(ClientAuthentication.NONE, ClientAuthentication.WANT)
			.flatMap((authentication) -> Stream.of("TLSv1.3", "TLSv1.2")
				.map((protocol) -> Arguments.of(authentication, protocol)));
	}

	@ParameterizedTest
	@MethodSource("engines")
	void returnsEveryByteAfterHalfClose(ClientAuthentication authentication, String protocol) throws Exception {
		byte[] sent = random(5_000_003);
		try (TestServer server = start(authentication);
				SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			assertThat(sendAndReadToEnd(client, sent)).isEqualTo(sent);
			client.close();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
			assertThat(server.recorder.bytesReceived).hasValue(sent.length);
			assertThat(server.recorder.bytesSent).hasValue(sent.length);
			assertThat(server.recorder.tlsHandshakes).hasValue(1);
		}
	}

	@ParameterizedTest
	@MethodSource("engines")
	void returnsTheUnterminatedRestAfterHalfClose(ClientAuthentication authentication, String protocol)
			throws Exception {
		try (TestServer server = start(Framing.LINE, authentication, false);
				SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			byte[] sent = "one\r\ntwo\nrest".getBytes(StandardCharsets.US_ASCII);
			assertThat(sendAndReadToEnd(client, sent)).isEqualTo(sent);
		}
	}

	@ParameterizedTest
	@MethodSource("engines")
	void answersWhatEndsByHalfClose(ClientAuthentication authentication, String protocol) throws Exception {
		try (TestServer server = start(Framing.UNTIL_CLOSE, authentication, false);
				SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			byte[] sent = random(100_003);
			assertThat(sendAndReadToEnd(client, sent)).isEqualTo(sent);
		}
	}

	/**
	 * A socket that is closed would answer further records with RST, which can destroy
	 * the reply.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "NONE", "WANT" })
	void discardsWhatComesAfterItsOwnEnd(ClientAuthentication authentication) throws Exception {
		try (TestServer server = start(Framing.LINE, authentication, true);
				SSLSocket client = connect(server, "TLSv1.3", certificates.clientContext(null))) {
			exchange(client, "one\n");
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			for (int i = 0; i < 3; i++) {
				client.getOutputStream().write("more\n".getBytes(StandardCharsets.US_ASCII));
				Awaitility.await().during(Duration.ofMillis(50)).until(() -> server.factory.activeConnections() == 1);
			}
			client.close();
			server.awaitClosed(CloseReason.REPLY_COMPLETE);
		}
	}

	/**
	 * The TLS handler waits for a peer that does not read to take close_notify, and
	 * completes a second close when it gets the peer's.
	 */
	@ParameterizedTest
	@MethodSource("engines")
	void eachCutCompletesWhenTheSocketIsClosed(ClientAuthentication authentication, String protocol) throws Exception {
		byte[] sent = random(1_000_000);
		ServerTls tls = tls(authentication);
		try (TestServer server = TestServer.start(Framing.NONE, (spec) -> {
			spec.tls = tls;
			spec.maxPendingBytes = 2L * sent.length;
			spec.options = new SocketOptions(true, true, true, false, null, null, 4096, null);
		}); SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			client.getOutputStream().write(sent);
			Awaitility.await().until(() -> server.recorder.bytesReceived.get() == sent.length);
			NettyTcpConnection connection = server.factory.connections().getFirst();
			connection.cut(CloseReason.OPERATOR);
			client.shutdownOutput();
			assertThat(connection.cut(CloseReason.OPERATOR).await(TIMEOUT.toMillis())).isTrue();
			assertThat(connection.channel().isOpen()).isFalse();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void showsTheProtocol(String protocol) throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE);
				SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			exchange(client, "hello");
			NettyTcpConnection connection = server.factory.connections().getFirst();
			assertThat(connection.info().tlsProtocol()).isEqualTo(protocol);
			assertThat(connection.getSslSession()).isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void endsFirstWhereOneMessageWasAgreed(String protocol) throws Exception {
		try (TestServer server = start(Framing.LINE, ClientAuthentication.NONE, true);
				SSLSocket client = connect(server, protocol, certificates.clientContext(null))) {
			client.getOutputStream().write("one\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("one\n");
			client.close();
			Awaitility.await().atMost(TIMEOUT).until(() -> server.recorder.closed.size() == 1);
			assertThat(server.recorder.errors).isEmpty();
		}
	}

	@Test
	void newHandshakesTakeTheNewCertificateAndConnectionsStay() throws Exception {
		ServerTls tls = tls(ClientAuthentication.NONE);
		try (TestServer server = start(tls);
				SSLSocket before = connect(server, "TLSv1.3", certificates.clientContext(null))) {
			exchange(before, "before");
			assertThat(certificateOf(before)).isEqualTo(certificates.server.getCertificate());
			tls.reload(certificates.material(certificates.otherServer));
			exchange(before, "still here");
			try (SSLSocket after = connect(server, "TLSv1.3", certificates.clientContext(null))) {
				exchange(after, "after");
				assertThat(certificateOf(after)).isEqualTo(certificates.otherServer.getCertificate());
			}
			exchange(before, "and still");
		}
		assertThat(tls.certificateExpiry())
			.isEqualTo(certificates.otherServer.getCertificate().getNotAfter().toInstant());
	}

	@Test
	void keepsTheCertificateIfTheNewOneIsNotThatOfItsKey() throws Exception {
		ServerTls tls = tls(ClientAuthentication.NONE);
		assertThatExceptionOfType(SSLException.class)
			.isThrownBy(() -> tls.reload(certificates.mismatched(certificates.otherServer, certificates.server)))
			.withMessage("the private key is not that of the certificate");
		try (TestServer server = start(tls);
				SSLSocket client = connect(server, "TLSv1.3", certificates.clientContext(null))) {
			exchange(client, "hello");
			assertThat(certificateOf(client)).isEqualTo(certificates.server.getCertificate());
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void resumesSessions(String protocol) throws Exception {
		SSLContext context = certificates.clientContext(null);
		try (TestServer server = start(ClientAuthentication.NONE)) {
			long created;
			try (SSLSocket first = connect(server, protocol, context)) {
				exchange(first, "first");
				created = first.getSession().getCreationTime();
			}
			try (SSLSocket second = connect(server, protocol, context)) {
				exchange(second, "second");
				assertThat(second.getSession().getCreationTime()).isEqualTo(created);
			}
		}
	}

	/**
	 * JDK 25 zeroes too much: from the beginning of the memory that Netty's direct
	 * buffers share.
	 */
	@ParameterizedTest
	@MethodSource("engines")
	void recordThatWasChangedDestroysNobodysMemory(ClientAuthentication authentication, String protocol)
			throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), authentication);
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.tls = tls;
			spec.threads = 1;
		});
				ChangingSocket plain = new ChangingSocket(server.factory.getPort());
				SSLSocket client = (SSLSocket) certificates.clientContext(null)
					.getSocketFactory()
					.createSocket(plain, "127.0.0.1", server.factory.getPort(), true)) {
			client.setEnabledProtocols(new String[] { protocol });
			client.startHandshake();
			client.getOutputStream().write('x');
			Awaitility.await().until(() -> server.recorder.bytesReceived.get() == 1);
			NettyTcpConnection connection = server.factory.connections().getFirst();
			List<ByteBuf> others = connection.eventLoop()
				.submit(() -> IntStream.range(0, 1000)
					.mapToObj((_) -> connection.channel()
						.alloc()
						.directBuffer(256)
						.writeBytes("x".repeat(256).getBytes(StandardCharsets.US_ASCII)))
					.toList())
				.get();
			plain.changes = true;
			client.getOutputStream().write(new byte[100]);
			server.awaitClosed(CloseReason.ERROR, SocketError.PROTOCOL_ERROR);
			List<String> left = others.stream().map((other) -> other.toString(StandardCharsets.US_ASCII)).toList();
			others.forEach(ByteBuf::release);
			assertThat(left).containsOnly("x".repeat(256));
		}
	}

	/**
	 * Changes the last byte of each write, if it is told to.
	 */
	private static final class ChangingSocket extends Socket {

		private volatile boolean changes;

		ChangingSocket(int port) throws IOException {
			super("127.0.0.1", port);
		}

		@Override
		public OutputStream getOutputStream() throws IOException {
			return new FilterOutputStream(super.getOutputStream()) {
				@Override
				public void write(byte[] bytes, int offset, int length) throws IOException {
					byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
					if (ChangingSocket.this.changes) {
						copy[length - 1] ^= 1;
					}
					this.out.write(copy);
				}
			};
		}

	}

	@Test
	void drainEndsTlsConnectionsInOrder() throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE);
				SSLSocket client = connect(server, "TLSv1.3", certificates.clientContext(null))) {
			exchange(client, "hello");
			ConnectionDrain drain = server.factory.drain();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			client.close();
			assertThat(drain.done()).succeedsWithin(TIMEOUT);
			assertThat(drain.endedInOrder()).isEqualTo(1);
			assertThat(server.recorder.closed).containsExactly(CloseReason.SHUTDOWN);
		}
	}

}
