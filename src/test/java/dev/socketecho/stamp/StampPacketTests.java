package dev.socketecho.stamp;

import java.util.HexFormat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StampPacket}, against the figures of RFC 8762 and 8972.
 */
class StampPacketTests {

	private static final long TIME = 0x0123456789abcdefL;

	@Test
	void fieldsAreWhereTheRfcHasThem() {
		String fields = "01020304" + "0123456789abcdef" + "0001" + "fedc" + "00".repeat(28);
		assertThat(hex(StampPacket.forEcho(0xfedc, 0x01020304, TIME, StampPacket.MIN_SIZE))).isEqualTo(fields);
	}

	@Test
	void patternForAnEchoFollowsTheSequenceNumber() {
		byte[] packet = StampPacket.forEcho(1, 5, TIME, StampPacket.MIN_SIZE + 3);
		assertThat(packet).hasSize(47).endsWith(5 + 44, 5 + 45, 5 + 46);
	}

	@ParameterizedTest
	@ValueSource(ints = { 44, 45, 1000, 65507 })
	void readsWhatItWrites(int size) {
		byte[] packet = StampPacket.forEcho(0xffff, -1, TIME, size);
		assertThat(StampPacket.echoSequence(Unpooled.wrappedBuffer(packet), 0xffff)).isEqualTo(0xffffffffL);
		assertThat(StampPacket.echoTimestamp(Unpooled.wrappedBuffer(packet))).isEqualTo(TIME);
	}

	@Test
	void packetOfAnotherSessionOrTooShortHasNoSequenceNumber() {
		byte[] packet = StampPacket.forEcho(7, 1, TIME, StampPacket.MIN_SIZE);
		assertThat(StampPacket.echoSequence(Unpooled.wrappedBuffer(packet), 8)).isEqualTo(-1);
		assertThat(StampPacket.echoSequence(Unpooled.wrappedBuffer(packet, 0, 43), 7)).isEqualTo(-1);
		assertThat(StampPacket.echoSequence(Unpooled.EMPTY_BUFFER, 7)).isEqualTo(-1);
	}

	private static String hex(byte[] packet) {
		return HexFormat.of().formatHex(packet);
	}

}
