package dev.socketecho.transport.proxy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

import dev.socketecho.testing.Fuzz;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a connection begins with, in whatever segments: the header is cut off exactly
 * where a plain reading of the specification does, what follows is passed on unchanged,
 * and what is no header is refused with a decoder's exception, which closes the
 * connection.
 */
class ProxyHeaderFuzzTests {

	private static final String V2_SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

	@Test
	void cutsTheHeaderOffAsThePlainReadingDoes() {
		int[] number = new int[1];
		Fuzz.inputs("proxy-headers", Fuzz.INPUTS).forEach((input) -> check(input, new Random(Fuzz.SEED + number[0]++)));
	}

	private static void check(byte[] input, Random random) {
		int expected = headerLength(input);
		ByteArrayOutputStream behind = new ByteArrayOutputStream();
		int messages = 0;
		FirstDecision decision = new FirstDecision();
		EmbeddedChannel channel = new EmbeddedChannel(new ProxyHeaderFramer(), new HAProxyMessageDecoder(), decision);
		for (byte[] segment : Fuzz.segments(input, random)) {
			if (channel.isOpen()) {
				channel.writeInbound(Unpooled.wrappedBuffer(segment));
			}
		}
		for (Object read = channel.readInbound(); read != null; read = channel.readInbound()) {
			if (read instanceof HAProxyMessage message) {
				messages++;
				message.release();
			}
			else {
				ByteBuf bytes = (ByteBuf) read;
				behind.writeBytes(ByteBufUtil.getBytes(bytes));
				bytes.release();
			}
		}
		channel.finishAndReleaseAll();
		int failures = decision.refused ? 1 : 0;
		assertThat(failures + messages).as(Fuzz.hex(input)).isEqualTo((expected == 0) ? 0 : 1);
		if (expected < 0) {
			assertThat(failures).as(Fuzz.hex(input)).isEqualTo(1);
		}
		if (messages > 0) {
			assertThat(behind.toByteArray()).as(Fuzz.hex(input))
				.isEqualTo(Arrays.copyOfRange(input, expected, input.length));
		}
	}

	/**
	 * The length of the header, 0 if it is incomplete, -1 if there is none.
	 */
	private static int headerLength(byte[] input) {
		String text = new String(input, StandardCharsets.ISO_8859_1);
		if (text.startsWith("\r") || text.isEmpty()) {
			if (!begins(text, V2_SIGNATURE)) {
				return -1;
			}
			int length = (input.length < 16) ? 0 : 16 + 256 * (input[14] & 0xff) + (input[15] & 0xff);
			return (input.length < length) ? 0 : length;
		}
		if (!begins(text, "PROXY ")) {
			return -1;
		}
		int end = text.indexOf('\n') + 1;
		if (end == 0) {
			return (input.length < 107) ? 0 : -1;
		}
		return (end <= 107 && end >= 15 && text.charAt(end - 2) == '\r') ? end : -1;
	}

	private static boolean begins(String text, String with) {
		return text.startsWith(with) || with.startsWith(text);
	}

	/**
	 * Lets nothing through once something was refused, as {@link ProxyHeaderHandler}
	 * does: Netty's decoder goes on with what is behind a header that it has refused, and
	 * finds another there, or refuses that too.
	 */
	private static final class FirstDecision extends ChannelInboundHandlerAdapter {

		private boolean refused;

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			if (this.refused) {
				ReferenceCountUtil.release(message);
			}
			else {
				ctx.fireChannelRead(message);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
			assertThat(cause).isInstanceOf(DecoderException.class);
			this.refused = true;
		}

	}

}
