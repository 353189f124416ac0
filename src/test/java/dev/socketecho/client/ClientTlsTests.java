package dev.socketecho.client;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.tls.TlsMaterial;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.proxy.ProxyProtocol;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;

import static dev.socketecho.client.Outcomes.bytes;
import static dev.socketecho.client.Outcomes.error;
import static dev.socketecho.client.Outcomes.get;
import static dev.socketecho.client.Outcomes.text;
import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * TCP clients with TLS against the JDK's sockets.
 */
class ClientTlsTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private static final TestCertificates certificates = TestCertificates.INSTANCE;

	@AutoClose
	private final TcpTestClients clients = new TcpTestClients();

	private final ClientRecording recording = this.clients.recording;

	/** What servers were asked for by SNI. */
	private final List<String> requestedNames = new CopyOnWriteArrayList<>();

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void megabytesComeBackExactly(String protocol) throws Exception {
		byte[] message = random(5_000_003);
		try (ClientPeer peer = peer(certificates.server, protocol, false)) {
			TcpEchoClient client = client(new Target(peer.port()), Framing.NONE, false);
			assertThat(get(client.send(message)).message()).isEqualTo(message);
			assertThat(get(client.send(message)).message()).isEqualTo(message);
			assertThat(peer.accepted()).isEqualTo(1);
			assertThat(this.recording.bytesSent).hasValue(2L * message.length);
			assertThat(this.recording.bytesReceived).hasValue(2L * message.length);
			assertThat(this.recording.errors).isEmpty();
			assertThat(client.connectionFactory().connections().getFirst().info().tlsProtocol()).isEqualTo(protocol);
		}
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "NIO", "EPOLL" })
	void messagesOfFramingUntilCloseEndWithCloseNotify(TransportType type) throws Exception {
		this.clients.use(type);
		byte[] message = random(3_000_001);
		try (ClientPeer peer = ClientPeer.startOn(listener(certificates.server, "TLSv1.3", false),
				(connection) -> connection.getOutputStream().write(connection.getInputStream().readAllBytes()))) {
			TcpEchoClient client = client(new Target(peer.port()), Framing.UNTIL_CLOSE, false);
			assertThat(get(client.send(message)).message()).isEqualTo(message);
			assertThat(get(client.send(bytes("another"))).message()).asString().isEqualTo("another");
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void closingSendsCloseNotify(String protocol) throws Exception {
		CompletableFuture<Integer> rest = new CompletableFuture<>();
		try (ClientPeer peer = ClientPeer.startOn(listener(certificates.server, protocol, false), (connection) -> {
			try {
				byte[] line = connection.getInputStream().readNBytes(6);
				connection.getOutputStream().write(line);
				// The JDK throws where there is FIN without close_notify.
				rest.complete(connection.getInputStream().readAllBytes().length);
			}
			catch (IOException ex) {
				rest.completeExceptionally(ex);
			}
		})) {
			TcpEchoClient client = client(new Target(peer.port()), Framing.LINE, false);
			get(client.send(bytes("hello")));
			client.close();
			assertThat(get(rest)).isZero();
			await().until(() -> client.connectionFactory().connections().isEmpty());
			assertThat(this.recording.opened).hasValue(1);
			assertThat(this.recording.closed).hasValue(1);
			assertThat(this.recording.errors).isEmpty();
		}
	}

	@ParameterizedTest
	@MethodSource("refusedServers")
	void refusesServers(X509Bundle certificate, String protocol, String host, @Nullable String serverName,
			SocketError error) throws Exception {
		try (ClientPeer peer = peer(certificate, protocol, false)) {
			Target target = new Target(peer.port());
			target.host = host;
			target.serverName = serverName;
			TcpEchoClient client = client(target, Framing.LINE, true);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(error);
			assertThat(this.recording.errors).containsExactly(error);
			assertThat(this.recording.opened).hasValue(0);
			assertThat(this.recording.bytesSent).hasValue(0);
		}
	}

	static Stream<Arguments> refusedServers() {
		return Stream.of("TLSv1.3", "TLSv1.2")
			.flatMap((protocol) -> Stream.of(
					Arguments.of(certificates.expiredServer, protocol, "127.0.0.1", null,
							SocketError.CERTIFICATE_EXPIRED),
					Arguments.of(certificates.strangersServer, protocol, "127.0.0.1", null,
							SocketError.CERTIFICATE_UNTRUSTED),
					Arguments.of(certificates.server, protocol, "127.0.0.1", "other.example",
							SocketError.CERTIFICATE_NAME_MISMATCH),
					Arguments.of(certificates.server, protocol, "127.0.0.1", "under_score.example",
							SocketError.CERTIFICATE_NAME_MISMATCH),
					Arguments.of(certificates.server, protocol, "127.0.0.1", "192.0.2.1",
							SocketError.CERTIFICATE_NAME_MISMATCH),
					Arguments.of(certificates.namedServer, protocol, "127.0.0.1", null,
							SocketError.CERTIFICATE_NAME_MISMATCH),
					Arguments.of(certificates.namedServer, protocol, "localhost", null,
							SocketError.CERTIFICATE_NAME_MISMATCH)));
	}

	@Test
	void takesAnyNameWhereItIsNotVerified() throws Exception {
		try (ClientPeer peer = peer(certificates.namedServer, "TLSv1.3", false)) {
			Target target = new Target(peer.port());
			target.verifyHostname = false;
			assertThat(echo(client(target, Framing.LINE, false))).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1, ,", "::1, ,", "localhost, , localhost", "localhost, 127.0.0.1,",
			"127.0.0.1, LOCALHOST., localhost" })
	void asksForTheNameThatItVerifies(String host, @Nullable String serverName, @Nullable String requested)
			throws Exception {
		try (ClientPeer peer = ClientPeer.startOn(listener(certificates.server, "TLSv1.3", false, host),
				(connection) -> ClientPeer.echo(connection.getInputStream(), connection.getOutputStream()))) {
			Target target = new Target(peer.port());
			target.host = host;
			target.serverName = serverName;
			assertThat(echo(client(target, Framing.LINE, false))).isEqualTo("hello");
			assertThat(this.requestedNames).map(String::toLowerCase)
				.containsExactlyElementsOf((requested != null) ? List.of(requested) : List.of());
		}
	}

	@Test
	void verifiesTheConfiguredNameInsteadOfTheHost() throws Exception {
		try (ClientPeer peer = peer(certificates.namedServer, "TLSv1.3", false)) {
			Target target = new Target(peer.port());
			target.serverName = "echo.example";
			assertThat(echo(client(target, Framing.LINE, false))).isEqualTo("hello");
			assertThat(this.requestedNames).containsExactly("echo.example");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void showsItsCertificateWhereOneIsNeeded(String protocol) throws Exception {
		try (ClientPeer peer = peer(certificates.server, protocol, true)) {
			Target target = new Target(peer.port());
			target.material = certificates.material(certificates.client);
			assertThat(echo(client(target, Framing.LINE, false))).isEqualTo("hello");
		}
	}

	/**
	 * In TLS 1.3 the refusal comes after the handshake.
	 */
	@ParameterizedTest
	@MethodSource("refusedCertificates")
	void reportsThatItsCertificateWasRefused(String protocol, @Nullable X509Bundle certificate, SocketError error)
			throws Exception {
		try (ClientPeer peer = peer(certificates.server, protocol, true)) {
			Target target = new Target(peer.port());
			target.material = (certificate != null) ? certificates.material(certificate)
					: certificates.withoutCertificate();
			TcpEchoClient client = client(target, Framing.LINE, true);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(error);
			await().untilAsserted(() -> assertThat(this.recording.errors).containsExactly(error));
		}
	}

	/**
	 * One of another authority than those that the server names is not shown.
	 */
	static Stream<Arguments> refusedCertificates() {
		return Stream.of("TLSv1.3", "TLSv1.2")
			.flatMap((protocol) -> Stream.of(Arguments.of(protocol, null, SocketError.CERTIFICATE_REQUIRED),
					Arguments.of(protocol, certificates.strangersClient, SocketError.CERTIFICATE_REQUIRED),
					Arguments.of(protocol, certificates.expiredClient, SocketError.CERTIFICATE_UNTRUSTED)));
	}

	@Test
	void serverWithoutTlsFailsTheHandshake() throws Exception {
		try (ClientPeer peer = ClientPeer.start(ClientPeer::echo)) {
			TcpEchoClient client = client(new Target(peer.port()), Framing.LINE, true);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.TLS_HANDSHAKE_FAILED);
			assertThat(this.recording.errors).containsExactly(SocketError.TLS_HANDSHAKE_FAILED);
		}
	}

	@Test
	void serverThatClosesFailsTheHandshake() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.read())) {
			TcpEchoClient client = client(new Target(peer.port()), Framing.LINE, true);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.TLS_HANDSHAKE_FAILED);
			assertThat(this.recording.errors).containsExactly(SocketError.TLS_HANDSHAKE_FAILED);
		}
	}

	@Test
	void handshakeIsPartOfTheConnectTimeout() throws Exception {
		CompletableFuture<Integer> end = new CompletableFuture<>();
		try (ClientPeer peer = ClientPeer.start((in, out) -> end.complete(in.readAllBytes().length))) {
			Target target = new Target(peer.port());
			target.connectTimeout = Duration.ofMillis(300);
			TcpEchoClient client = client(target, Framing.LINE, true);
			assertThat(error(client.send(bytes("hello")))).isEqualTo(SocketError.CONNECTION_TIMED_OUT);
			assertThat(get(end)).isPositive();
		}
	}

	@Test
	void newConnectionsTakeTheNewAuthorities() throws Exception {
		try (ClientPeer trusted = peer(certificates.server, "TLSv1.3", false);
				ClientPeer stranger = peer(certificates.strangersServer, "TLSv1.3", false)) {
			Target target = new Target(trusted.port());
			TcpEchoClient before = client(target, Framing.LINE, false);
			assertThat(echo(before)).isEqualTo("hello");
			target.tls()
				.reload(new TlsMaterial(certificates.withoutCertificate().keys(),
						certificates.strangersServer.toTrustManagerFactory(), List.of(), List.of(), null));
			assertThat(echo(before)).isEqualTo("hello");
			assertThat(error(client(target, Framing.LINE, true).send(bytes("hello"))))
				.isEqualTo(SocketError.CERTIFICATE_UNTRUSTED);
			target.port = stranger.port();
			assertThat(echo(client(target, Framing.LINE, false))).isEqualTo("hello");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.3", "TLSv1.2" })
	void resumesSessionsButNotWhereEachHandshakeIsToBeFull(String protocol) throws Exception {
		try (ClientPeer peer = peer(certificates.server, protocol, false)) {
			Target target = new Target(peer.port());
			long created = sessionOf(client(target, Framing.LINE, false));
			assertThat(sessionOf(client(target, Framing.LINE, false))).isEqualTo(created);
			target.tls = target.tls().withoutResumption();
			assertThat(sessionOf(client(target, Framing.LINE, false))).isNotEqualTo(created);
		}
	}

	private static long sessionOf(TcpEchoClient client) throws Exception {
		assertThat(echo(client)).isEqualTo("hello");
		NettyTcpConnection connection = client.connectionFactory().connections().getFirst();
		assertThat(connection.getSslSession()).isNotNull();
		return connection.getSslSession().getCreationTime();
	}

	private ClientPeer peer(X509Bundle certificate, String protocol, boolean needClientAuth) throws Exception {
		return ClientPeer.startOn(listener(certificate, protocol, needClientAuth), ClientTlsTests::echo);
	}

	private static void echo(Socket connection) throws IOException {
		ClientPeer.echo(connection.getInputStream(), connection.getOutputStream());
	}

	private ServerSocket listener(X509Bundle certificate, String protocol, boolean needClientAuth) throws Exception {
		return listener(certificate, protocol, needClientAuth, "127.0.0.1");
	}

	private ServerSocket listener(X509Bundle certificate, String protocol, boolean needClientAuth, String host)
			throws Exception {
		SSLServerSocket listener = (SSLServerSocket) certificates.serverContext(certificate)
			.getServerSocketFactory()
			.createServerSocket(0, 100, InetAddress.getByName(host));
		SSLParameters parameters = listener.getSSLParameters();
		parameters.setProtocols(new String[] { protocol });
		parameters.setNeedClientAuth(needClientAuth);
		parameters.setSNIMatchers(List.of(new SNIMatcher(0) {

			@Override
			public boolean matches(SNIServerName name) {
				ClientTlsTests.this.requestedNames.add(new String(name.getEncoded(), StandardCharsets.US_ASCII));
				return true;
			}

		}));
		listener.setSSLParameters(parameters);
		return listener;
	}

	private TcpEchoClient client(Target target, Framing framing, boolean closeAfterReply) throws Exception {
		FramingSpec spec = new FramingSpec(framing, null, 8 * 1024 * 1024, false);
		TcpClientSettings connection = new TcpClientSettings("test", target.host, target.port, spec,
				target.connectTimeout, null, 0, SocketOptions.DEFAULTS, ProxyProtocol.NONE, target.tls(),
				TcpClientSettings.DEFAULT_PATH);
		return this.clients.start(new TcpEchoClientSettings(connection, LONG, 1, closeAfterReply));
	}

	private static String echo(TcpEchoClient client) throws Exception {
		return text(client.send(bytes("hello")));
	}

	/**
	 * Where a client connects to, and how.
	 */
	private static final class Target {

		private int port;

		private String host = "127.0.0.1";

		private @Nullable String serverName;

		private boolean verifyHostname = true;

		private Duration connectTimeout = LONG;

		private @Nullable TlsMaterial material;

		private @Nullable ClientTls tls;

		Target(int port) {
			this.port = port;
		}

		ClientTls tls() throws Exception {
			if (this.tls == null) {
				this.tls = new ClientTls((this.material != null) ? this.material : certificates.withoutCertificate(),
						this.verifyHostname, this.serverName);
			}
			return this.tls;
		}

	}

}
