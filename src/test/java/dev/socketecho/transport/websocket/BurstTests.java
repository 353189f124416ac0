package dev.socketecho.transport.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * A burst has the bytes that Netty's encoder makes.
 */
class BurstTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 125, 126, 127, 255, 256, 8192, 65535 })
	void encodesAsNettyDoes(int length) {
		byte[] payload = random(length);
		Burst burst = new Burst();
		burst.expect(10);
		EmbeddedChannel netty = new EmbeddedChannel(new WebSocket13FrameEncoder(false));
		for (boolean text : new boolean[] { true, false, true }) {
			ByteBuf content = Unpooled.wrappedBuffer(payload);
			burst.add(UnpooledByteBufAllocator.DEFAULT, content, text);
			assertThat(content.readableBytes()).isEqualTo(length);
			netty.writeOutbound(WebSocketFrames.frame(content, text));
		}
		WebSocketFrames frames = burst.take();
		assertThat(burst.take()).isNull();
		assertThat(frames.count()).isEqualTo(3);
		assertThat(frames.payloadBytes()).isEqualTo(3 * length);
		ByteBuf expected = Unpooled.buffer();
		for (ByteBuf part = netty.readOutbound(); part != null; part = netty.readOutbound()) {
			expected.writeBytes(part);
			part.release();
		}
		assertThat(frames.content()).isEqualTo(expected);
		frames.release();
		netty.finishAndReleaseAll();
	}

}
