package dev.socketecho.transport.udp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.GenericMessage;
import org.springframework.messaging.support.MessageBuilder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that an error of one datagram harms neither the event loop nor its other sockets
 * nor the next datagrams. Uses real sockets, on each transport of this machine.
 */
@ParameterizedClass
@MethodSource("dev.socketecho.transport.tcp.TransportTypes#available")
class UdpFailureTests {

	private final TransportType type;

	UdpFailureTests(TransportType type) {
		this.type = type;
	}

	@Test
	void errorOfTheFlowHarmsNoOther() throws Exception {
		try (UdpTestServer server = start((handler) -> (message) -> {
			if (text(message).equals("bad")) {
				throw new OutOfMemoryError("of a test");
			}
			handler.handleMessage(message);
		}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(UdpTestClient.text("bad"));
			assertThat(client.exchange(UdpTestClient.text("good"))).asString().isEqualTo("good");
			assertThat(server.recorder.errors(SocketError.UNKNOWN)).isEqualTo(1);
			assertAlive(server);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void answerOfSeveralPiecesIsSentWhole(boolean direct) throws Exception {
		try (UdpTestServer server = start((handler) -> (message) -> {
			ByteBuf answer = Unpooled.wrappedBuffer(piece("Hello, ", direct), piece("world!", direct));
			handler.handleMessage(
					new GenericMessage<>(((Datagram) message.getPayload()).replace(answer), message.getHeaders()));
			answer.release();
		}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("Hello, world!");
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isZero();
		}
	}

	@Test
	void receiverThatTheSocketCannotReachHarmsNoOther() throws Exception {
		try (UdpTestServer server = start("127.0.0.1", (handler) -> (message) -> {
			handler.handleMessage(MessageBuilder.withPayload("refused")
				.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("2001:db8::1", 7))
				.build());
			handler.handleMessage(message);
		}); UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.exchange(UdpTestClient.text("a"))).asString().isEqualTo("a");
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isEqualTo(3);
			assertThat(server.recorder.errors(SocketError.NETWORK_UNREACHABLE)).isEqualTo(3);
		}
	}

	@Test
	void answerIsReleasedAndCountedOnceTheEventLoopHasEnded() throws Exception {
		BlockingQueue<Datagram> kept = new LinkedBlockingQueue<>();
		UdpTestServer server = start((_) -> (message) -> {
			ByteBuf copy = Unpooled.copiedBuffer(((Datagram) message.getPayload()).content());
			kept.add(((Datagram) message.getPayload()).replace(copy));
		});
		try (server; UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(UdpTestClient.text("late"));
			Datagram datagram = kept.poll(10, TimeUnit.SECONDS);
			server.eventLoops.close();
			server.sender.handleMessage(new GenericMessage<>(datagram));
			assertThat(datagram.refCnt()).isEqualTo(1);
			assertThat(datagram.release()).isTrue();
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isEqualTo(1);
			assertThat(server.adapter.drain()).succeedsWithin(1, TimeUnit.SECONDS);
		}
	}

	@Test
	void drainLeavesTheEventLoopToOthers() throws Exception {
		try (EventLoops eventLoops = new EventLoops(this.type, 1, "test-io");
				UdpTestClient flooding = UdpTestClient.boundTo("127.0.0.1");
				UdpTestServer draining = UdpTestServer.start(eventLoops, settings("127.0.0.1"),
						(_) -> (message) -> sendTwo(flooding, ((Datagram) message.getPayload()).socket()));
				UdpTestServer other = UdpTestServer.start(eventLoops, settings("127.0.0.1"), UnaryOperator.identity());
				UdpTestClient client = UdpTestClient.connected(other.at("127.0.0.1"))) {
			flooding.send(UdpTestClient.text("a"), draining.at("127.0.0.1"));
			client.exchange(UdpTestClient.text("a"));
			await().until(() -> draining.recorder.received.get() > 1000);
			CompletableFuture<Void> drained = draining.adapter.drain();
			int answered = 0;
			while (!drained.isDone()) {
				client.exchange(UdpTestClient.text("a"));
				answered++;
			}
			assertThat(answered).as("answers of the other server during the drain").isGreaterThan(10);
		}
	}

	/**
	 * Sends two datagrams for each one, so that the server's socket is never empty.
	 */
	private static void sendTwo(UdpTestClient client, UdpServerSocket server) {
		try {
			client.send(UdpTestClient.text("a"), server.localAddress());
			client.send(UdpTestClient.text("a"), server.localAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ByteBuf piece(String text, boolean direct) {
		byte[] bytes = UdpTestClient.text(text);
		return direct ? PooledByteBufAllocator.DEFAULT.directBuffer().writeBytes(bytes) : Unpooled.wrappedBuffer(bytes);
	}

	private static String text(Message<?> message) {
		return ((Datagram) message.getPayload()).content().toString(StandardCharsets.US_ASCII);
	}

	private static void assertAlive(UdpTestServer server) {
		server.eventLoops.group()
			.forEach((eventLoop) -> assertThat(eventLoop.submit(() -> "alive").awaitUninterruptibly(10_000)).isTrue());
		assertThat(server.eventLoops.group().isShuttingDown()).isFalse();
	}

	private UdpTestServer start(UnaryOperator<MessageHandler> handler) {
		return start(null, handler);
	}

	private UdpTestServer start(@Nullable String address, UnaryOperator<MessageHandler> handler) {
		return UdpTestServer.start(this.type, settings(address), List.of(), handler);
	}

	private static UdpServerSettings settings(@Nullable String address) {
		return new UdpServerSettings("test", address, 0, UdpServerSettings.MAX_DATAGRAM_SIZE, null, 0, SourceFilter.ALL,
				MulticastSettings.NONE, false, UdpSocketOptions.DEFAULTS, null);
	}

}
