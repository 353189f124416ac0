package dev.socketecho.transport.proxy;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.tcp.BlockedEventLoop;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of a connection that waits for its PROXY header, on an event loop of Netty.
 */
class ProxyHeaderHandlerTests {

	private static final long SECONDS = 20;

	private final EventLoopGroup eventLoop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	@AfterEach
	void stop() {
		this.eventLoop.shutdownGracefully(0, SECONDS, TimeUnit.SECONDS).awaitUninterruptibly(SECONDS, TimeUnit.SECONDS);
	}

	@Test
	void headerInTheSocketIsReadAtTheShutdownHoweverBusyTheEventLoopIs() throws Exception {
		Waiting waiting = new Waiting();
		Channel listener = new ServerBootstrap().group(this.eventLoop)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					ProxyHeaderHandler.add(channel.pipeline(), waiting);
				}

			})
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
		try (Socket client = new Socket()) {
			client.connect(listener.localAddress());
			ProxyHeaderHandler handler = waiting.handlers.poll(SECONDS, TimeUnit.SECONDS);
			assertThat(handler).isNotNull();
			BlockedEventLoop blocked = BlockedEventLoop.of(this.eventLoop);
			client.getOutputStream()
				.write("PROXY TCP4 192.0.2.1 192.0.2.2 1000 2000\r\n".getBytes(StandardCharsets.US_ASCII));
			CompletableFuture<Void> done = handler.shutDown();
			await().during(Duration.ofMillis(50)).until(() -> !done.isDone());
			blocked.release();
			done.get(SECONDS, TimeUnit.SECONDS);
			assertThat(waiting.outcome).isCompletedWithValue("admitted 192.0.2.1:1000");
		}
	}

	private static final class Waiting implements ProxyHeaderHandler.Listener {

		private final BlockingQueue<ProxyHeaderHandler> handlers = new LinkedBlockingQueue<>();

		private final CompletableFuture<String> outcome = new CompletableFuture<>();

		@Override
		public void waiting(ProxyHeaderHandler handler) {
			this.handlers.add(handler);
		}

		@Override
		public void noLongerWaiting(ProxyHeaderHandler handler) {
		}

		@Override
		public boolean admit(SocketChannel channel, InetSocketAddress source) {
			this.outcome.complete("admitted " + source.getHostString() + ":" + source.getPort());
			return true;
		}

		@Override
		public void failed(SocketChannel channel, CloseReason reason, Duration open, String why) {
			this.outcome.complete("failed: " + reason.tag());
		}

	}

}
