package dev.socketecho.actuate;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.socketecho.testing.TestCertificates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

import javax.net.ssl.SSLSocket;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link HttpTlsInput}: a TLS record that was changed destroys nobody's memory.
 */
class HttpTlsInputTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void recordThatWasChangedDestroysNobodysMemory(boolean byServerName) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		SslContext context = SslContextBuilder
			.forServer(certificates.server.getKeyPair().getPrivate(), certificates.server.getCertificatePath())
			.build();
		CompletableFuture<Channel> accepted = new CompletableFuture<>();
		DisposableServer server = new HttpTlsInput()
			.apply(HttpServer.create()
				.host("127.0.0.1")
				.port(0)
				.childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
				.doOnChannelInit((_, channel, _) -> accepted.complete(channel))
				.secure((spec) -> secure(spec.sslContext(context), byServerName, context))
				.handle((_, response) -> response.sendString(Mono.just("answer"))))
			.bindNow();
		try (Socket plain = new Socket("127.0.0.1", server.port());
				SSLSocket client = (SSLSocket) certificates.clientContext(null)
					.getSocketFactory()
					.createSocket(plain, "localhost", server.port(), true)) {
			client.startHandshake();
			Channel channel = accepted.get(10, TimeUnit.SECONDS);
			List<ByteBuf> others = channel.eventLoop()
				.submit(() -> IntStream.range(0, 1000)
					.mapToObj((_) -> channel.alloc()
						.directBuffer(256)
						.writeBytes("x".repeat(256).getBytes(StandardCharsets.US_ASCII)))
					.toList())
				.get();
			byte[] record = new byte[5 + 64];
			record[0] = 23; // Application data
			record[1] = 3;
			record[2] = 3;
			record[4] = 64;
			plain.getOutputStream().write(record);
			assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
			List<String> left = others.stream().map((other) -> other.toString(StandardCharsets.US_ASCII)).toList();
			others.forEach(ByteBuf::release);
			assertThat(left).containsOnly("x".repeat(256));
		}
		finally {
			server.disposeNow();
		}
	}

	private static void secure(SslProvider.Builder provider, boolean byServerName, SslContext context) {
		if (byServerName) {
			provider.addSniMapping("localhost", (spec) -> spec.sslContext(context));
		}
	}

}
