package dev.socketecho.load;

import java.nio.charset.StandardCharsets;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.codec.MessageFramer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages of load runs.
 */
class LoadMessageTests {

	private final MessageFramer line = new FramingSpec(Framing.LINE, null, 1024, false).newFramer();

	@ParameterizedTest
	@CsvSource({ "0,12,aaaaaaaaijkl", "1,12,aaaaaaabijkl", "3735928559,12,noknloopijkl", "17,8,aaaaaabb", "17,3,abb",
			"4097,3,aab", "20,1,e" })
	void numberComesFirst(long sequence, int size, String text) {
		LoadMessage message = new LoadMessage(size, 0, this.line, false);
		ByteBuf frame = Unpooled.buffer();
		message.write(frame, sequence);
		assertThat(frame.toString(StandardCharsets.US_ASCII)).isEqualTo(text + "\n");
		assertThat(message.sequence(frame, sequence)).isEqualTo(sequence);
		assertThat(message.isReply(frame, sequence)).isTrue();
		assertThat(message.isReply(frame, sequence + 1)).isFalse();
	}

	@Test
	void numbersAreToldApartNearToAnother() {
		LoadMessage message = new LoadMessage(2, 0, null, false);
		ByteBuf datagram = Unpooled.buffer();
		message.write(datagram, 1000);
		assertThat(message.sequence(datagram, 990)).isEqualTo(1000);
		assertThat(message.sequence(datagram, 1100)).isEqualTo(1000);
		assertThat(message.sequence(datagram, 1200)).isEqualTo(1256);
	}

	@Test
	void messagesOfConnectionsDiffer() {
		ByteBuf datagram = Unpooled.buffer();
		new LoadMessage(20, 1, null, false).write(datagram, 5);
		LoadMessage other = new LoadMessage(20, 2, null, false);
		assertThat(other.sequence(datagram, 0)).isEqualTo(5);
		assertThat(other.isReply(datagram, 5)).isFalse();
	}

	@Test
	void textWithoutANumberHasNone() {
		LoadMessage message = new LoadMessage(5, 0, this.line, false);
		for (String frame : new String[] { "aaaaz\n", "aaaa\n", "aaaaaa\n", "aaaaa", "AAAAA\n" }) {
			assertThat(message.sequence(Unpooled.copiedBuffer(frame, StandardCharsets.US_ASCII), 0)).as(frame)
				.isEqualTo(-1);
		}
	}

}
