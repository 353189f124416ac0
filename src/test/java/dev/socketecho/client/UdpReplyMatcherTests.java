package dev.socketecho.client;

import java.nio.charset.StandardCharsets;

import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link UdpReplyMatcher}.
 */
class UdpReplyMatcherTests {

	@Test
	void duplicateIsToldAfterMoreRepliesThanAnIntCounts() {
		UdpReplyMatcher matcher = new UdpReplyMatcher(Integer.MAX_VALUE - 1L);
		for (int i = 0; i < 4; i++) {
			matcher.sent(new EchoRequest(message(i)));
			assertThat(matcher.answered(datagram(i))).isNotNull();
			assertThat(matcher.isDuplicate(datagram(i))).as("reply %d", i).isTrue();
		}
		assertThat(matcher.isDuplicate(datagram(4))).isFalse();
	}

	@Test
	void lastThousandRepliesAreRemembered() {
		UdpReplyMatcher matcher = new UdpReplyMatcher();
		for (int i = 0; i < 3000; i++) {
			matcher.sent(new EchoRequest(message(i)));
			matcher.answered(datagram(i));
		}
		assertThat(matcher.isDuplicate(datagram(2000))).isTrue();
		assertThat(matcher.isDuplicate(datagram(1000))).isFalse();
	}

	@Test
	void replyBelongsToTheOldestRequestWithTheSameMessage() {
		UdpReplyMatcher matcher = new UdpReplyMatcher();
		EchoRequest first = sent(matcher, 1);
		EchoRequest other = sent(matcher, 2);
		EchoRequest second = sent(matcher, 1);
		assertThat(matcher.answered(datagram(2))).isSameAs(other);
		assertThat(matcher.answered(datagram(1))).isSameAs(first);
		assertThat(matcher.oldest()).isSameAs(second);
		assertThat(matcher.answered(datagram(1))).isSameAs(second);
		assertThat(matcher.answered(datagram(1))).isNull();
		assertThat(matcher.oldest()).isNull();
	}

	@Test
	void corruptedReplyIsTakenForTheOldestRequestOfItsLength() {
		UdpReplyMatcher matcher = new UdpReplyMatcher();
		EchoRequest longer = sent(matcher, 10);
		EchoRequest settled = sent(matcher, 1);
		settled.fail(SocketError.REPLY_TIMED_OUT, "late");
		EchoRequest expected = sent(matcher, 2);
		assertThat(matcher.corrupted(datagram(3))).isSameAs(expected);
		assertThat(matcher.corrupted(datagram(3))).isNull();
		assertThat(matcher.snapshot()).containsExactly(longer, settled);
	}

	@Test
	void corruptedReplyOfAnyLengthIsTakenForTheOnlyRequest() {
		UdpReplyMatcher matcher = new UdpReplyMatcher();
		EchoRequest only = sent(matcher, 10);
		assertThat(matcher.corrupted(datagram(3))).isSameAs(only);
		assertThat(matcher.snapshot()).isEmpty();
	}

	@Test
	void requestThatWasNotSentIsNotAnswered() {
		UdpReplyMatcher matcher = new UdpReplyMatcher();
		EchoRequest request = sent(matcher, 1);
		matcher.remove(request);
		assertThat(matcher.answered(datagram(1))).isNull();
		assertThat(matcher.isDuplicate(datagram(1))).isFalse();
	}

	private static EchoRequest sent(UdpReplyMatcher matcher, int number) {
		EchoRequest request = new EchoRequest(message(number));
		matcher.sent(request);
		return request;
	}

	private static ByteBuf datagram(int number) {
		return Unpooled.wrappedBuffer(message(number));
	}

	private static byte[] message(int number) {
		return ("message " + number).getBytes(StandardCharsets.US_ASCII);
	}

}
