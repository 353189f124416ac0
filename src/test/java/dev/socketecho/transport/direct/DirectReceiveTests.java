package dev.socketecho.transport.direct;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.TcpServerEchoTests;
import dev.socketecho.transport.tcp.TestClient;
import dev.socketecho.transport.tcp.TestServer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.DefaultChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.messaging.Message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Tests which way bytes take: by {@link DirectReceive} or by Netty's read loop. That they
 * come back unchanged is tested by {@link TcpServerEchoTests} and others.
 */
class DirectReceiveTests {

	private final List<String> callers = new CopyOnWriteArrayList<>();

	@BeforeEach
	void epollIsThere() {
		assumeThat(Epoll.isAvailable() && StreamCalls.isAvailable()).isTrue();
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "LINE", "LENGTH_1" })
	void wholeFramesGoPastThePipeline(Framing framing) {
		try (TestServer server = server(framing, (_) -> {
		}); TestClient client = server.connect()) {
			assertThat(client.send("\003ab\n").readBytes(4)).hasSize(4);
			assertThat(this.callers).contains(DirectReceive.class.getName())
				.doesNotContain(DefaultChannelPipeline.class.getName());
		}
	}

	@Test
	void incompleteFramesGoThroughThePipeline() {
		try (TestServer server = server(Framing.LINE, (_) -> {
		}); TestClient client = server.connect()) {
			assertThat(client.send("a\nb").read(2)).isEqualTo("a\n");
			this.callers.clear();
			assertThat(client.send("c\n").read(3)).isEqualTo("bc\n");
			assertThat(this.callers).contains("io.netty.handler.codec.ByteToMessageDecoder");
			this.callers.clear();
			assertThat(client.send("d\n").read(2)).isEqualTo("d\n");
			assertThat(this.callers).doesNotContain("io.netty.handler.codec.ByteToMessageDecoder");
		}
	}

	@Test
	void connectionsOfProxiesUseNettysReadLoop() {
		try (TestServer server = server(Framing.LINE, (spec) -> spec.proxyProtocol = true);
				TestClient client = server.connect()) {
			client.send("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n");
			assertThat(client.send("a\n").read(2)).isEqualTo("a\n");
			assertThat(this.callers).contains(DefaultChannelPipeline.class.getName());
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "NONE", "LINE" })
	void errorOfTheFlowEndsItsConnectionOnly(Framing framing) {
		AtomicBoolean fail = new AtomicBoolean(true);
		try (TestServer server = TestServer.start(framing, (spec) -> {
			spec.transport = TransportType.EPOLL;
			spec.threads = 1;
			spec.flow = (factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory)).filter((_) -> {
				if (fail.getAndSet(false)) {
					throw new StackOverflowError("of a test");
				}
				return true;
			}).handle(Tcp.outboundAdapter(factory)).get();
		}); TestClient other = server.connect(); TestClient failing = server.connect()) {
			failing.send("a\n").awaitEnd();
			assertThat(other.send("b\n").read(2)).isEqualTo("b\n");
			assertThat(server.recorder.errors).containsExactly(SocketError.UNKNOWN);
		}
	}

	@Test
	void handlerThatIsAddedToAnOpenConnectionIsNotPassedOver() throws Exception {
		BlockingQueue<String> seen = new LinkedBlockingQueue<>();
		BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
		try (EventLoops eventLoops = new EventLoops(TransportType.EPOLL, 1, "test-io")) {
			Channel server = eventLoops.serverBootstrap()
				.childOption(ChannelOption.RECVBUF_ALLOCATOR, new SharedReceiveAllocator(() -> false))
				.childHandler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel channel) {
						channel.pipeline().addLast(new Input(seen));
						accepted.add(channel);
					}

				})
				.bind("127.0.0.1", 0)
				.sync()
				.channel();
			try (Socket client = new Socket("127.0.0.1", ((InetSocketAddress) server.localAddress()).getPort())) {
				ChannelPipeline pipeline = accepted.poll(10, TimeUnit.SECONDS).pipeline();
				client.getOutputStream().write('a');
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("received");
				EventLoop eventLoop = pipeline.channel().eventLoop();
				eventLoop.submit(() -> pipeline.addFirst("between", new ChannelInboundHandlerAdapter() {

					@Override
					public void channelRead(ChannelHandlerContext ctx, Object message) {
						seen.add("between");
						ctx.fireChannelRead(message);
					}

				})).sync();
				client.getOutputStream().write('b');
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("between");
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("read");
				eventLoop.submit(() -> pipeline.remove("between")).sync();
				client.getOutputStream().write('c');
				assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("received");
			}
		}
	}

	private TestServer server(Framing framing, Consumer<TestServer.Spec> changes) {
		return TestServer.start(framing, (spec) -> {
			spec.transport = TransportType.EPOLL;
			spec.flow = (factory) -> IntegrationFlow.from(Tcp.inboundAdapter(factory))
				.filter(Message.class, this::seen)
				.handle(Tcp.outboundAdapter(factory))
				.get();
			changes.accept(spec);
		});
	}

	private boolean seen(Message<?> message) {
		StackWalker.getInstance().forEach((frame) -> this.callers.add(frame.getClassName()));
		return true;
	}

	/**
	 * Records how it gets its bytes.
	 */
	private static final class Input extends ChannelInboundHandlerAdapter implements DirectInput {

		private final Queue<String> seen;

		private ChannelHandlerContext ctx;

		Input(Queue<String> seen) {
			this.seen = seen;
		}

		@Override
		public void handlerAdded(ChannelHandlerContext ctx) {
			this.ctx = ctx;
		}

		@Override
		public boolean isFirst() {
			return this.ctx.pipeline().firstContext() == this.ctx;
		}

		@Override
		public void receive(ByteBuf bytes) {
			bytes.release();
			this.seen.add("received");
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			ReferenceCountUtil.release(message);
			this.seen.add("read");
		}

	}

}
