package dev.socketecho.transport.websocket;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.CloseReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static dev.socketecho.transport.websocket.WebSocketPeer.BINARY;
import static dev.socketecho.transport.websocket.WebSocketPeer.CONTINUATION;
import static dev.socketecho.transport.websocket.WebSocketPeer.PING;
import static dev.socketecho.transport.websocket.WebSocketPeer.TEXT;
import static dev.socketecho.transport.websocket.WebSocketPeer.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the handlers of one connection of a server.
 */
class WebSocketSessionTests {

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final AtomicInteger reads = new AtomicInteger();

	private final TestHost host = new TestHost();

	private WebSocketSession session;

	@BeforeEach
	void setUp() {
		this.channel.freezeTime();
		this.channel.pipeline().addLast(new ChannelOutboundHandlerAdapter() {

			@Override
			public void read(ChannelHandlerContext ctx) {
				WebSocketSessionTests.this.reads.incrementAndGet();
				ctx.read();
			}

		});
		this.session = WebSocketSession.add(this.channel.pipeline(), "last",
				new FramingSpec(Framing.WEBSOCKET, null, 100_000, true), true, this.host);
	}

	@AfterEach
	void tearDown() {
		this.channel.finishAndReleaseAll();
	}

	@Test
	void theHandshakeHasTenSeconds() {
		pass(9999);
		this.channel.checkException();
		pass(1);
		assertThatExceptionOfType(CorruptedWebSocketFrameException.class).isThrownBy(this.channel::checkException)
			.withMessage("no handshake within 10 s");
		assertThat(this.session.close(CloseReason.PROTOCOL_ERROR)).isNull();
	}

	@Test
	void afterTheHandshakeThereIsNoLimitNorAHandlerOfHttp() {
		shakeHands();
		pass(20_000);
		this.channel.checkException();
		assertThat(this.host.opened).hasValue(1);
		assertThat(this.channel.pipeline().names())
			.containsSubsequence("echo.webSocketInput", "echo.webSocketDecoder", "echo.webSocketEncoder",
					"echo.webSocketUtf8", "echo.webSocketAggregator", "last")
			.noneMatch((name) -> name.startsWith("echo.http") || name.equals("echo.webSocketOpening"));
	}

	@Test
	void smallMessagesOfOneReadAreOneBurstAndLongOnesTravelAlone() {
		shakeHands();
		read(frame(TEXT, "a"), frame(BINARY, "bc"), frame(BINARY, "x".repeat(9000)), frame(TEXT, ""));
		WebSocketFrames burst = this.channel.readInbound();
		assertThat(burst.count()).isEqualTo(2);
		assertThat(burst.payloadBytes()).isEqualTo(3);
		assertThat(((ByteBuf) burst.toOutput()).toString(StandardCharsets.ISO_8859_1)).isEqualTo("\u0081\1a\u0082\2bc");
		WebSocketFrames single = this.channel.readInbound();
		assertThat(single.count()).isEqualTo(1);
		assertThat(single.content().readableBytes()).isEqualTo(9000);
		WebSocketFrames last = this.channel.readInbound();
		assertThat(last.count()).isEqualTo(1);
		assertThat(last.payloadBytes()).isZero();
		burst.release();
		single.release();
		last.release();
		assertThat(this.host.received).hasValue(9003);
	}

	@Test
	void eachMessageTravelsAloneIfFaultsAreForMessages() {
		shakeHands();
		this.session.setSingle(true);
		read(frame(TEXT, "a"), frame(TEXT, "b"));
		WebSocketFrames first = this.channel.readInbound();
		assertThat(first.content().toString(StandardCharsets.UTF_8)).isEqualTo("a");
		assertThat(first.toOutput()).isInstanceOf(TextWebSocketFrame.class);
		first.release();
		this.channel.<WebSocketFrames>readInbound().release();
	}

	@Test
	void pongsOfOneReadAreOneWrite() {
		shakeHands();
		byte[] ping = frame(PING, "p");
		read(ping, ping, ping);
		this.channel.flush();
		ByteBuf pongs = this.channel.readOutbound();
		assertThat(pongs.toString(StandardCharsets.ISO_8859_1)).isEqualTo("\u008a\1p\u008a\1p\u008a\1p");
		pongs.release();
		assertThat(this.channel.<Object>readOutbound()).isNull();
	}

	@Test
	void anIncompleteFrameDoesNotKeepTheBufferThatItWasReadInto() {
		shakeHands();
		byte[] frame = frame(BINARY, "x".repeat(200));
		ByteBuf large = PooledByteBufAllocator.DEFAULT.directBuffer(65536).writeBytes(frame, 0, 100).retain();
		this.channel.writeInbound(large);
		assertThat(large.refCnt()).isOne();
		large.release();
		this.channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(frame, 100, frame.length)));
		WebSocketFrames message = this.channel.readInbound();
		assertThat(message.payloadBytes()).isEqualTo(200);
		message.release();
	}

	@Test
	void pausedReadsStayPaused() {
		shakeHands();
		this.channel.config().setAutoRead(false);
		this.reads.set(0);
		read(frame(TEXT, new byte[] { 'a' }), Arrays.copyOf(frame(CONTINUATION, new byte[] { 'b' }), 3));
		assertThat(this.reads).hasValue(0);
	}

	@Test
	void bytesOfAllKindsCountAsRead() {
		shakeHands();
		long before = this.session.bytesRead();
		read(frame(PING, "p"), Arrays.copyOf(frame(TEXT, "abc"), 5));
		this.channel.flush();
		assertThat(this.session.bytesRead() - before).isEqualTo(12);
		assertThat(this.host.received).hasValue(0);
	}

	@Test
	void nothingIsDeliveredOnceTheConnectionEnds() {
		shakeHands();
		this.host.closing = true;
		read(frame(TEXT, "a"), frame(PING, "p"), WebSocketPeer.close(1000));
		assertThat(this.channel.<Object>readInbound()).isNull();
		assertThat(this.session.isPeerClosed()).isFalse();
	}

	private void shakeHands() {
		read(WebSocketPeer.request().getBytes(StandardCharsets.US_ASCII));
		this.channel.releaseOutbound();
		assertThat(this.session.isOpen()).isTrue();
	}

	private void read(byte[]... frames) {
		ByteBuf all = Unpooled.buffer();
		for (byte[] frame : frames) {
			all.writeBytes(frame);
		}
		this.channel.writeInbound(all);
	}

	private void pass(long millis) {
		this.channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
		this.channel.runScheduledPendingTasks();
	}

	private static final class TestHost implements WebSocketSession.Host {

		private final AtomicInteger opened = new AtomicInteger();

		private final AtomicInteger received = new AtomicInteger();

		private boolean closing;

		@Override
		public boolean isClosing() {
			return this.closing;
		}

		@Override
		public void opened() {
			this.opened.incrementAndGet();
		}

		@Override
		public void received(int bytes) {
			this.received.addAndGet(bytes);
		}

		@Override
		public void writeBeside(Runnable write) {
			write.run();
		}

	}

}
