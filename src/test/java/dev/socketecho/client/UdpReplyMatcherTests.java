package dev.socketecho.client;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UdpReplyMatcher} after as many replies as a busy client has in a day.
 */
class UdpReplyMatcherTests {

	@Test
	void duplicateIsToldAfterMoreRepliesThanAnIntCounts() {
		UdpReplyMatcher replies = new UdpReplyMatcher(Integer.MAX_VALUE - 1L);
		for (int i = 0; i < 4; i++) {
			replies.sent(new EchoRequest(message(i)));
			assertThat(replies.answered(datagram(i))).isNotNull();
			assertThat(replies.isDuplicate(datagram(i))).as("reply %d", i).isTrue();
		}
		assertThat(replies.isDuplicate(datagram(4))).isFalse();
	}

	@Test
	void lastThousandRepliesAreRemembered() {
		UdpReplyMatcher replies = new UdpReplyMatcher();
		for (int i = 0; i < 3000; i++) {
			replies.sent(new EchoRequest(message(i)));
			replies.answered(datagram(i));
		}
		assertThat(replies.isDuplicate(datagram(2000))).isTrue();
		assertThat(replies.isDuplicate(datagram(1000))).isFalse();
	}

	private static ByteBuf datagram(int number) {
		return Unpooled.wrappedBuffer(message(number));
	}

	private static byte[] message(int number) {
		return ("message " + number).getBytes(StandardCharsets.US_ASCII);
	}

}
