package dev.socketecho.transport.tcp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.Background;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.SocketOptions;
import io.netty.channel.ChannelOutboundBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A peer of TLS 1.3 may ask for new keys (RFC 8446, 4.6.3) as often as it likes, and each
 * request is answered: that is no activity, and what it queues is bounded. OpenSSL ends a
 * connection that asks 32 times without sending anything else.
 */
@Execution(ExecutionMode.CONCURRENT)
class TlsKeyUpdateTests {

	private static final int MUCH = 2 * 1024 * 1024;

	private static final long BOUND = 1024 * 1024;

	private static final TestCertificates certificates = TestCertificates.INSTANCE;

	@Test
	void requestsForNewKeysAreNoActivity() throws Exception {
		try (TestServer server = start((spec) -> {
			spec.maxMessageSize = 100;
			spec.maxPendingBytes = MUCH;
			spec.idleTimeout = Duration.ofSeconds(1);
		}); SSLSocket client = connect(server)) {
			leaveAnswersUnread(server, client);
			CountDownLatch ended = new CountDownLatch(1);
			CompletableFuture<Void> requests = requestKeys(client, 100, ended);
			try {
				server.awaitClosed(CloseReason.MESSAGE_TOO_LONG, SocketError.MESSAGE_TOO_LONG);
			}
			finally {
				ended.countDown();
				requests.get(20, TimeUnit.SECONDS);
			}
		}
	}

	@Test
	void whatOpenConnectionQueuesIsBounded() throws Exception {
		try (TestServer server = start((spec) -> spec.maxPendingBytes = 64 * 1024);
				SSLSocket client = connect(server)) {
			assertBounded(server, client, 0);
		}
	}

	@Test
	void whatEndingConnectionQueuesIsBounded() throws Exception {
		try (TestServer server = start((spec) -> {
			spec.maxMessageSize = 100;
			spec.maxPendingBytes = MUCH;
			spec.idleTimeout = Duration.ofMinutes(1);
		}); SSLSocket client = connect(server)) {
			leaveAnswersUnread(server, client);
			assertBounded(server, client, pending(server) + MUCH);
		}
	}

	@Test
	void openSslEndsConnectionThatOnlyAsksForNewKeys() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.tls = tls(ClientAuthentication.NONE));
				SSLSocket client = connect(server)) {
			CountDownLatch ended = new CountDownLatch(1);
			CompletableFuture<Void> requests = requestKeys(client, 0, ended);
			try {
				server.awaitClosed(CloseReason.ERROR, SocketError.PROTOCOL_ERROR);
			}
			finally {
				ended.countDown();
				requests.get(20, TimeUnit.SECONDS);
			}
		}
	}

	/**
	 * Starts a server with the JDK's engine, which one that asks for certificates has,
	 * and with a small send buffer.
	 */
	private static TestServer start(Consumer<TestServer.Spec> changes) {
		return TestServer.start(Framing.LINE, (spec) -> {
			spec.tls = tls(ClientAuthentication.WANT);
			spec.options = new SocketOptions(true, true, true, false, null, 1024 * 1024, 4096, null);
			changes.accept(spec);
		});
	}

	private static void assertBounded(TestServer server, SSLSocket client, long before) throws Exception {
		NettyTcpConnection connection = server.factory.connections().getFirst();
		CountDownLatch ended = new CountDownLatch(1);
		CompletableFuture<Void> requests = requestKeys(client, 0, ended);
		try {
			await().atMost(Duration.ofSeconds(60)).until(() -> !connection.channel().config().isAutoRead());
			assertThat(pending(server)).isLessThan(before + BOUND);
		}
		finally {
			ended.countDown();
			connection.cut(CloseReason.OPERATOR);
			requests.get(20, TimeUnit.SECONDS);
		}
	}

	private static void leaveAnswersUnread(TestServer server, SSLSocket client) throws IOException {
		byte[] lines = new byte[1_001_000];
		Arrays.fill(lines, 0, 1_000_000, (byte) '\n');
		client.getOutputStream().write(lines);
		NettyTcpConnection connection = server.factory.connections().getFirst();
		await().until(() -> connection.closeReason() == CloseReason.MESSAGE_TOO_LONG);
	}

	private static long pending(TestServer server) throws Exception {
		NettyTcpConnection connection = server.factory.connections().getFirst();
		CompletableFuture<Long> pending = new CompletableFuture<>();
		connection.eventLoop().execute(() -> {
			ChannelOutboundBuffer queue = connection.channel().unsafe().outboundBuffer();
			pending.complete((queue != null) ? queue.totalPendingWriteBytes() : 0);
		});
		return pending.get(20, TimeUnit.SECONDS);
	}

	/**
	 * Asks for new keys until the server has closed, or the test has ended.
	 */
	private static CompletableFuture<Void> requestKeys(SSLSocket client, long millis, CountDownLatch ended) {
		return Background.run(() -> {
			try {
				while (!ended.await(millis, TimeUnit.MILLISECONDS)) {
					client.startHandshake();
				}
			}
			catch (IOException ex) {
				// Closed by the server
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

	private static ServerTls tls(ClientAuthentication authentication) {
		try {
			return new ServerTls(certificates.material(certificates.server), authentication);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static SSLSocket connect(TestServer server) throws Exception {
		Socket plain = new Socket();
		plain.setReceiveBufferSize(4096);
		plain.connect(new InetSocketAddress("127.0.0.1", server.factory.getPort()));
		SSLSocket socket = (SSLSocket) certificates.clientContext(null)
			.getSocketFactory()
			.createSocket(plain, "localhost", server.factory.getPort(), true);
		socket.setEnabledProtocols(new String[] { "TLSv1.3" });
		socket.startHandshake();
		await().until(() -> server.factory.activeConnections() == 1);
		return socket;
	}

}
