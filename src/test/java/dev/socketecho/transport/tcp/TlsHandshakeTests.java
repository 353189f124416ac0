package dev.socketecho.transport.tcp;

import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

import static dev.socketecho.transport.tcp.TlsServers.certificateOf;
import static dev.socketecho.transport.tcp.TlsServers.certificates;
import static dev.socketecho.transport.tcp.TlsServers.connect;
import static dev.socketecho.transport.tcp.TlsServers.exchange;
import static dev.socketecho.transport.tcp.TlsServers.socket;
import static dev.socketecho.transport.tcp.TlsServers.start;
import static dev.socketecho.transport.tcp.TlsServers.tls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which TLS handshakes a TCP server completes, and what it counts of the others, against
 * the JDK's sockets.
 */
@SuppressWarnings("try") // closing is part of what is tested
@Execution(ExecutionMode.CONCURRENT)
class TlsHandshakeTests {

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
	@CsvSource({ "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, RSA", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, EC" })
	void showsTheCertificateThatTheClientKnows(String cipher, String algorithm) throws Exception {
		ServerTls tls = new ServerTls(certificates.twoKeys(), ClientAuthentication.NONE);
		try (TestServer server = start(tls);
				SSLSocket client = connect(server, "TLSv1.2", certificates.clientContext(null))) {
			client.setEnabledCipherSuites(new String[] { cipher });
			exchange(client, "hello");
			assertThat(certificateOf(client).getPublicKey().getAlgorithm()).isEqualTo(algorithm);
		}
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

}
