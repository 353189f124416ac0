package dev.socketecho.transport.tcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.transport.direct.DirectIoHandler;
import dev.socketecho.transport.direct.DirectSend;
import dev.socketecho.transport.loop.PendingBudget;
import dev.socketecho.transport.tcp.traffic.ConnectionTraffic;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Messages that go past the channel's queue: not while it holds something, and not after
 * the channel's end.
 */
class ConnectionOutputTests {

	private static final int SECONDS = 20;

	/** More than the socket takes. */
	private static final int MUCH = 16 * 1024 * 1024;

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private EventLoopGroup eventLoop;

	private Channel channel;

	private Socket peer;

	private ConnectionOutput output;

	@BeforeEach
	void connect() throws Exception {
		assumeThat(Epoll.isAvailable()).isTrue();
		this.eventLoop = new MultiThreadIoEventLoopGroup(1, DirectIoHandler.newFactory());
		try (ServerSocket listener = new ServerSocket(0)) {
			this.channel = new Bootstrap().group(this.eventLoop)
				.channel(EpollSocketChannel.class)
				.handler(new FailureRecorder(this.failures))
				.connect("127.0.0.1", listener.getLocalPort())
				.sync()
				.channel();
			this.peer = listener.accept();
			this.peer.setSoTimeout(SECONDS * 1000);
		}
		assumeThat(DirectSend.socketOf(this.channel)).isNotEqualTo(DirectSend.IMPOSSIBLE);
		this.output = onEventLoop(() -> new ConnectionOutput(this.channel,
				new ConnectionTraffic(new RecordingTcpServerRecorder(), Ticker.systemTicker().nanoTime()),
				new ConnectionOwner.Limits(new PendingBudget(Long.MAX_VALUE, 0), Long.MAX_VALUE,
						Duration.ofSeconds(SECONDS), Duration.ZERO)));
	}

	@AfterEach
	void close() throws Exception {
		if (this.eventLoop != null) {
			this.channel.close().await(SECONDS, TimeUnit.SECONDS);
			this.peer.close();
			this.eventLoop.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).await(SECONDS, TimeUnit.SECONDS);
		}
	}

	@Test
	void messageFollowsWhatAnswersNoMessage() throws Exception {
		assertMessageFollows((much) -> this.output.writeUnanswered(much, MUCH));
	}

	@Test
	void messageFollowsWhatIsWrittenBeside() throws Exception {
		assertMessageFollows((much) -> {
			this.output.writeBeside(() -> this.channel.write(much));
			this.output.releaseFlush();
		});
	}

	@Test
	void messageFollowsOneThatTheSocketHasNoRoomFor() throws Exception {
		assertMessageFollows((much) -> this.output.write(much, 1));
	}

	/**
	 * With SO_LINGER another thread closes the socket, some time after the channel.
	 */
	@ParameterizedTest
	@ValueSource(ints = { -1, 10 })
	void messageDoesNotFollowTheClose(int linger) throws Exception {
		this.channel.config().setOption(ChannelOption.SO_LINGER, linger);
		sendFirst();
		ByteBuf late = buffer(1, 'b');
		BlockedEventLoop elsewhere = BlockedEventLoop.of(GlobalEventExecutor.INSTANCE);
		onEventLoop(() -> {
			this.channel.close();
			this.output.write(late, 1);
			return null;
		});
		elsewhere.release();
		assertThat(this.peer.getInputStream().read()).isEqualTo(-1);
		assertThat(late.refCnt()).isZero();
		assertThat(this.failures).isEmpty();
	}

	@Test
	void messageDoesNotFollowTheEndOfOutput() throws Exception {
		sendFirst();
		ByteBuf late = buffer(1, 'b');
		onEventLoop(() -> {
			this.output.finish();
			((EpollSocketChannel) this.channel).shutdownOutput();
			this.output.write(late, 1);
			return null;
		});
		assertThat(this.peer.getInputStream().read()).isEqualTo(-1);
		assertThat(late.refCnt()).isZero();
		assertThat(this.failures).isEmpty();
	}

	/**
	 * Two messages, so that the second one finds that the first went past the channel.
	 */
	private void sendFirst() throws Exception {
		for (int i = 0; i < 2; i++) {
			onEventLoop(() -> {
				this.output.write(buffer(1, 'a'), 1);
				return null;
			});
			assertThat(this.peer.getInputStream().read()).isEqualTo('a');
		}
	}

	/**
	 * Reads what the kernel holds, so that the socket has room before its event loop
	 * knows.
	 */
	private void makeRoom() throws IOException {
		InputStream in = this.peer.getInputStream();
		do {
			this.received.write(in.readNBytes(Math.max(1, in.available())));
		}
		while (in.available() > 0);
	}

	private void assertMessageFollows(Consumer<ByteBuf> write) throws Exception {
		sendFirst();
		onEventLoop(() -> {
			write.accept(buffer(MUCH, 'g'));
			makeRoom();
			this.output.write(buffer(1, 'b'), 1);
			return null;
		});
		int rest = MUCH + 1 - this.received.size();
		this.received.write(this.peer.getInputStream().readNBytes(rest));
		assertThat(this.received.toString(StandardCharsets.US_ASCII).indexOf('b')).isEqualTo(MUCH);
	}

	private <T> T onEventLoop(Callable<T> task) throws Exception {
		return this.eventLoop.submit(task).get(SECONDS, TimeUnit.SECONDS);
	}

	private static ByteBuf buffer(int size, char content) {
		byte[] bytes = String.valueOf(content).repeat(size).getBytes(StandardCharsets.US_ASCII);
		return PooledByteBufAllocator.DEFAULT.directBuffer(size).writeBytes(bytes);
	}

	private static final class FailureRecorder extends ChannelInboundHandlerAdapter {

		private final List<Throwable> failures;

		FailureRecorder(List<Throwable> failures) {
			this.failures = failures;
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			this.failures.add(cause);
		}

	}

}
