package dev.socketecho.transport.udp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.integration.ip.IpHeaders;
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

	private static final UdpServerSettings LOOPBACK = new UdpTestSettings().address("127.0.0.1").build();

	private final TransportType type;

	UdpFailureTests(TransportType type) {
		this.type = type;
	}

	static Stream<Runnable> failures() {
		return Stream.of(() -> {
			throw new IllegalStateException("of a test");
		}, () -> {
			throw new OutOfMemoryError("of a test");
		});
	}

	@ParameterizedTest
	@MethodSource("failures")
	void failureOfTheFlowIsCountedAndHarmsNoOther(Runnable failure) throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, UdpTestServer.failingFor("bad", failure));
				UdpTestClient client = server.connect()) {
			client.send("bad");
			assertThat(client.exchange("good")).isEqualTo("good");
			assertThat(server.recorder.errors(SocketError.UNKNOWN)).isEqualTo(1);
			assertAlive(server);
		}
	}

	@Test
	void refusedAnswerIsCountedAndHarmsNoOther() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, (handler) -> (message) -> {
			// Only a socket with SO_BROADCAST may send there.
			handler.handleMessage(MessageBuilder.withPayload("refused")
				.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("255.255.255.255", 9))
				.build());
			handler.handleMessage(message);
		}); UdpTestClient client = server.connect()) {
			for (int i = 0; i < 100; i++) {
				client.send("" + i);
			}
			for (int i = 0; i < 100; i++) {
				assertThat(client.receiveText()).isEqualTo("" + i);
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isEqualTo(100);
			assertThat(server.recorder.errors(SocketError.PERMISSION_DENIED)).isEqualTo(100);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void answerOfSeveralPiecesIsSentWhole(boolean direct) throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, (handler) -> (message) -> {
			ByteBuf answer = Unpooled.wrappedBuffer(piece("Hello, ", direct), piece("world!", direct));
			handler.handleMessage(
					new GenericMessage<>(((Datagram) message.getPayload()).replace(answer), message.getHeaders()));
			answer.release();
		}); UdpTestClient client = server.connect()) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.exchange("a")).isEqualTo("Hello, world!");
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isZero();
		}
	}

	@Test
	void receiverThatTheSocketCannotReachHarmsNoOther() throws Exception {
		try (UdpTestServer server = UdpTestServer.start(this.type, LOOPBACK, List.of(), (handler) -> (message) -> {
			handler.handleMessage(MessageBuilder.withPayload("refused")
				.setHeader(IpHeaders.PACKET_ADDRESS, new InetSocketAddress("2001:db8::1", 7))
				.build());
			handler.handleMessage(message);
		}); UdpTestClient client = server.connect()) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.exchange("a")).isEqualTo("a");
			}
			assertThat(server.recorder.drops(DropReason.SEND_FAILED)).isEqualTo(3);
			assertThat(server.recorder.errors(SocketError.NETWORK_UNREACHABLE)).isEqualTo(3);
		}
	}

	@Test
	void answerIsReleasedAndCountedOnceTheEventLoopHasEnded() throws Exception {
		BlockingQueue<Datagram> kept = new LinkedBlockingQueue<>();
		UdpTestServer server = UdpTestServer.start(this.type, (_) -> (message) -> {
			ByteBuf copy = Unpooled.copiedBuffer(((Datagram) message.getPayload()).content());
			kept.add(((Datagram) message.getPayload()).replace(copy));
		});
		try (server; UdpTestClient client = server.connect()) {
			client.send("late");
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
				UdpTestServer draining = UdpTestServer.start(eventLoops, LOOPBACK,
						(_) -> (message) -> sendTwo(flooding, ((Datagram) message.getPayload()).socket()));
				UdpTestServer other = UdpTestServer.start(eventLoops, LOOPBACK, UnaryOperator.identity());
				UdpTestClient client = other.connect()) {
			flooding.send(UdpTestClient.text("a"), draining.at("127.0.0.1"));
			client.exchange("a");
			await().until(() -> draining.recorder.received.get() > 1000);
			CompletableFuture<Void> drained = draining.adapter.drain();
			int answered = 0;
			while (!drained.isDone()) {
				client.exchange("a");
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

	private static void assertAlive(UdpTestServer server) {
		server.eventLoops.group()
			.forEach((eventLoop) -> assertThat(eventLoop.submit(() -> "alive").awaitUninterruptibly(10_000)).isTrue());
		assertThat(server.eventLoops.group().isShuttingDown()).isFalse();
	}

}
