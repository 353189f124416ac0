package dev.socketecho.transport.tcp;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import io.netty.buffer.ByteBuf;
import io.netty.pkitesting.X509Bundle;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of TCP servers with TLS, against the JDK's sockets.
 */
@SuppressWarnings("try") // closing is part of what is tested
class TlsServerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final TestCertificates certificates = TestCertificates.INSTANCE;

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
		byte[] sent = new byte[5_000_003];
		new Random(11).nextBytes(sent);
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
			byte[] sent = new byte[100_003];
			new Random(11).nextBytes(sent);
			assertThat(sendAndReadToEnd(client, sent)).isEqualTo(sent);
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

	@ParameterizedTest
	@MethodSource("clients")
	void admitsClients(ClientAuthentication authentication, String protocol, @Nullable X509Bundle certificate)
			throws Exception {
		try (TestServer server = start(authentication);
				SSLSocket client = connect(server, protocol, certificates.clientContext(certificate))) {
			exchange(client, "hello");
			client.close();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	static Stream<Arguments> clients() {
		List<Arguments> clients = new ArrayList<>();
		for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
			clients.add(Arguments.of(ClientAuthentication.NONE, protocol, certificates.strangersClient));
			clients.add(Arguments.of(ClientAuthentication.WANT, protocol, null));
			clients.add(Arguments.of(ClientAuthentication.WANT, protocol, certificates.client));
			clients.add(Arguments.of(ClientAuthentication.NEED, protocol, certificates.client));
		}
		return clients.stream();
	}

	@ParameterizedTest
	@MethodSource("refusedClients")
	void refusesClients(ClientAuthentication authentication, String protocol, @Nullable X509Bundle certificate,
			SocketError error, String alert) throws Exception {
		try (TestServer server = start(authentication);
				SSLSocket client = connect(server, protocol, certificates.clientContext(certificate))) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(() -> exchange(client, "hello"))
				.withMessageContaining(alert);
			client.close();
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, error);
			assertThat(server.recorder.tlsHandshakes).hasValue(0);
		}
	}

	static Stream<Arguments> refusedClients() {
		List<Arguments> clients = new ArrayList<>();
		for (ClientAuthentication authentication : List.of(ClientAuthentication.WANT, ClientAuthentication.NEED)) {
			for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
				clients.add(Arguments.of(authentication, protocol, certificates.strangersClient,
						SocketError.CERTIFICATE_UNTRUSTED, "certificate_unknown"));
				clients.add(Arguments.of(authentication, protocol, certificates.expiredClient,
						SocketError.CERTIFICATE_EXPIRED, "certificate_unknown"));
			}
		}
		clients.add(Arguments.of(ClientAuthentication.NEED, "TLSv1.3", null, SocketError.CERTIFICATE_REQUIRED,
				"certificate_required"));
		clients.add(Arguments.of(ClientAuthentication.NEED, "TLSv1.2", null, SocketError.CERTIFICATE_REQUIRED,
				"handshake_failure"));
		return clients.stream();
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void countsThatAClientDoesNotTrustTheServer(String protocol) throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE);
				SSLSocket client = connect(server, protocol, certificates.distrustingContext())) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(client::startHandshake);
			client.close();
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.CERTIFICATE_UNTRUSTED);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "NONE", "WANT" })
	void countsThatAClientDoesNotTrustTheServerInPlainText(ClientAuthentication authentication) throws Exception {
		SSLEngine engine = certificates.clientContext(null).createSSLEngine();
		engine.setUseClientMode(true);
		ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
		engine.wrap(ByteBuffer.allocate(0), hello);
		try (TestServer server = start(authentication); Socket client = socket(server)) {
			client.getOutputStream().write(hello.array(), 0, hello.position());
			assertThat(client.getInputStream().read()).isEqualTo(22);
			client.getOutputStream().write(new byte[] { 21, 3, 3, 0, 2, 2, 48 });
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.CERTIFICATE_UNTRUSTED);
		}
	}

	@Test
	void countsThatAClientExpectsAnotherName() throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE);
				Socket socket = socket(server);
				SSLSocket client = (SSLSocket) certificates.clientContext(null)
					.getSocketFactory()
					.createSocket(socket, "other.example", server.factory.getPort(), true)) {
			SSLParameters parameters = client.getSSLParameters();
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
			client.setSSLParameters(parameters);
			assertThatExceptionOfType(SSLException.class).isThrownBy(client::startHandshake);
			client.close();
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.CERTIFICATE_UNTRUSTED);
		}
	}

	@Test
	void closesOnPlainText() throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE); Socket client = socket(server)) {
			client.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			client.getInputStream().readAllBytes();
			client.close();
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.TLS_HANDSHAKE_FAILED);
		}
	}

	@Test
	void returnsATlsHandshakeOnAPlainPortLikeAnyBytes() throws Exception {
		try (TestServer server = TestServer.start(Framing.NONE);
				SSLSocket client = connect(server, "TLSv1.3", certificates.clientContext(null))) {
			assertThatExceptionOfType(SSLException.class).isThrownBy(client::startHandshake);
			client.close();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void closesAClientThatDoesNotFinishItsHandshake() throws Exception {
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE,
				Duration.ofMillis(50));
		try (TestServer server = start(tls); Socket client = socket(server)) {
			client.getOutputStream().write(22);
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			client.close();
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.TLS_HANDSHAKE_FAILED);
		}
	}

	@Test
	void takesNoOffenceAtAClientThatOnlyLooksWhetherThePortIsOpen() throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE)) {
			socket(server).close();
			server.awaitClosed(CloseReason.CLIENT_CLOSED);
		}
	}

	@Test
	void countsAHandshakeThatThePeerGivesUp() throws Exception {
		try (TestServer server = start(ClientAuthentication.NONE); Socket client = socket(server)) {
			client.getOutputStream().write(new byte[] { 22, 3, 1, 0, 100, 1 });
			client.shutdownOutput();
			assertThat(client.getInputStream().read()).isEqualTo(-1);
			server.awaitClosed(CloseReason.TLS_HANDSHAKE_FAILED, SocketError.TLS_HANDSHAKE_FAILED);
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

	private static TestServer start(ClientAuthentication authentication) throws Exception {
		return start(tls(authentication));
	}

	private static TestServer start(ServerTls tls) {
		return TestServer.start(Framing.NONE, (spec) -> spec.tls = tls);
	}

	private static TestServer start(Framing framing, ClientAuthentication authentication, boolean closeAfterReply)
			throws Exception {
		ServerTls tls = tls(authentication);
		return TestServer.start(framing, (spec) -> {
			spec.tls = tls;
			spec.closeAfterReply = closeAfterReply;
		});
	}

	private static Socket socket(TestServer server) throws IOException {
		Socket socket = new Socket("127.0.0.1", server.factory.getPort());
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	private static ServerTls tls(ClientAuthentication authentication) throws Exception {
		return new ServerTls(certificates.material(certificates.server), authentication);
	}

	private static SSLSocket connect(TestServer server, String protocol, SSLContext context) throws IOException {
		SSLSocket client = (SSLSocket) context.getSocketFactory()
			.createSocket(socket(server), "127.0.0.1", server.factory.getPort(), true);
		client.setEnabledProtocols(new String[] { protocol });
		return client;
	}

	private static X509Certificate certificateOf(SSLSocket client) throws IOException {
		return (X509Certificate) client.getSession().getPeerCertificates()[0];
	}

	private static void exchange(SSLSocket client, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		client.getOutputStream().write(bytes);
		assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
	}

	private static byte[] sendAndReadToEnd(SSLSocket client, byte[] bytes) throws IOException {
		CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> {
			try {
				client.getOutputStream().write(bytes);
				client.shutdownOutput();
			}
			catch (IOException ex) {
				throw new CompletionException(ex);
			}
		});
		byte[] received = client.getInputStream().readAllBytes();
		sending.join();
		return received;
	}

}
