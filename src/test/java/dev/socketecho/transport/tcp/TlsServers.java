package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import dev.socketecho.codec.Framing;
import dev.socketecho.testing.Background;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers with TLS and their callers, for tests.
 */
final class TlsServers {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	static final TestCertificates certificates = TestCertificates.INSTANCE;

	private TlsServers() {
	}

	static TestServer start(ClientAuthentication authentication) throws Exception {
		return start(tls(authentication));
	}

	static TestServer start(ServerTls tls) {
		return TestServer.start(Framing.NONE, (spec) -> spec.tls = tls);
	}

	static TestServer start(Framing framing, ClientAuthentication authentication, boolean closeAfterReply)
			throws Exception {
		ServerTls tls = tls(authentication);
		return TestServer.start(framing, (spec) -> {
			spec.tls = tls;
			spec.closeAfterReply = closeAfterReply;
		});
	}

	static Socket socket(TestServer server) throws IOException {
		Socket socket = new Socket("127.0.0.1", server.factory.getPort());
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	static ServerTls tls(ClientAuthentication authentication) throws Exception {
		return new ServerTls(certificates.material(certificates.server), authentication);
	}

	static SSLSocket connect(TestServer server, String protocol, SSLContext context) throws IOException {
		SSLSocket client = (SSLSocket) context.getSocketFactory()
			.createSocket(socket(server), "127.0.0.1", server.factory.getPort(), true);
		client.setEnabledProtocols(new String[] { protocol });
		return client;
	}

	static X509Certificate certificateOf(SSLSocket client) throws IOException {
		return (X509Certificate) client.getSession().getPeerCertificates()[0];
	}

	static void exchange(SSLSocket client, String text) throws IOException {
		byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
		client.getOutputStream().write(bytes);
		assertThat(client.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);
	}

	static byte[] sendAndReadToEnd(SSLSocket client, byte[] bytes) throws IOException {
		CompletableFuture<Void> sending = Background.run(() -> {
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
