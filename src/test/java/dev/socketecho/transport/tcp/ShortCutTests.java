package dev.socketecho.transport.tcp;

import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.transport.direct.DirectSend;
import dev.socketecho.transport.loop.TransportType;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;

import static dev.socketecho.fault.Faults.after;
import static dev.socketecho.transport.tcp.FaultyServers.set;
import static dev.socketecho.transport.tcp.FaultyServers.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * When the short cuts past the pipeline are not taken: while there are faults, also on
 * connections that are open when they come, and while reads are paused.
 */
class ShortCutTests {

	@BeforeEach
	void epollIsThere() {
		assumeThat(Epoll.isAvailable()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void openConnectionHasTheFaults(Fault.Direction direction) {
		try (TestServer server = start(Framing.NONE, TransportType.EPOLL); TestClient client = server.connect()) {
			for (int i = 0; i < 3; i++) {
				assertThat(client.send("a").read(1)).isEqualTo("a");
				set(server, fault(direction, Fault.Unit.CONNECTION));
				assertThat(client.send("held").read(2)).isEqualTo("he");
				assertThat(server.recorder.bytesSent).hasValue(5 * i + 3);
				set(server);
				assertThat(client.read(2)).isEqualTo("ld");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(Fault.Unit.class)
	void answersTakeTheShortCutAgainAfterInputWasHeld(Fault.Unit unit) {
		try (TestServer server = start(Framing.LINE, TransportType.EPOLL); TestClient client = server.connect()) {
			Queue<String> passed = new ConcurrentLinkedQueue<>();
			assertThat(client.send("a\n").read(2)).isEqualTo("a\n");
			ChannelPipeline pipeline = server.factory.connections().getFirst().channel().pipeline();
			assumeThat(DirectSend.socketOf(pipeline.channel())).isNotEqualTo(DirectSend.IMPOSSIBLE);
			pipeline.addFirst(new Recorder(passed));
			set(server, fault(Fault.Direction.INBOUND, unit));
			client.send("held\n");
			await().until(() -> server.recorder.bytesReceived.get() == 7);
			set(server);
			assertThat(client.read(5)).isEqualTo("held\n");
			assertThat(passed).isNotEmpty();
			passed.clear();
			assertThat(client.send("b\n").read(2)).isEqualTo("b\n");
			assertThat(passed).isEmpty();
		}
	}

	@Test
	void connectionThatAnotherOnePausesIsNotRead() throws Exception {
		Deque<Runnable> onMessage = new ConcurrentLinkedDeque<>();
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = TransportType.EPOLL;
			spec.threads = 1;
			spec.flow = (factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory)).filter((_) -> {
				onMessage.forEach(Runnable::run);
				return true;
			}).handle(new NettyTcpSendingMessageHandler(factory)).get();
		}); TestClient one = server.connect(); TestClient other = server.connect()) {
			assertThat(one.send("a\n").read(2)).isEqualTo("a\n");
			assertThat(other.send("b\n").read(2)).isEqualTo("b\n");
			List<ChannelConfig> configs = server.factory.connections()
				.stream()
				.map((connection) -> (ChannelConfig) connection.channel().config())
				.toList();
			// The event loop finds both at once. The one that it reads first pauses both.
			onMessage.add(() -> configs.forEach((config) -> config.setAutoRead(false)));
			BlockedEventLoop blocked = BlockedEventLoop.of(server.eventLoops);
			one.send("c\n");
			other.send("d\n");
			blocked.release();
			await().until(() -> server.recorder.messagesReceived.get() > 2);
			server.eventLoops.group().next().submit(onMessage::clear).sync();
			assertThat(server.recorder.messagesReceived).hasValue(3);
			configs.forEach((config) -> config.setAutoRead(true));
			assertThat(one.read(2)).isEqualTo("c\n");
			assertThat(other.read(2)).isEqualTo("d\n");
		}
	}

	private static Fault fault(Fault.Direction direction, Fault.Unit unit) {
		return new Fault("stall", new FaultEffect.Stall(after(2)), direction, unit, Fault.Selection.ALL);
	}

	/**
	 * Records what goes through the pipeline to the socket.
	 */
	private static final class Recorder extends ChannelOutboundHandlerAdapter {

		private final Queue<String> passed;

		Recorder(Queue<String> passed) {
			this.passed = passed;
		}

		@Override
		public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
			this.passed.add(String.valueOf(message));
			ctx.write(message, promise);
		}

	}

}
