package dev.socketecho.stamp;

import java.util.HexFormat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
		assertThat(hex(StampPacket.forReflector(null, 0xfedc, 0x01020304, TIME, false, 0))).isEqualTo(fields);
	}

	@Test
	void authenticatedFieldsAreWhereTheRfcHasThem() {
		byte[] packet = StampPacket.forReflector(new StampKey("key"), 0xfedc, 0x01020304, TIME, true, 0);
		assertThat(hex(packet))
			.startsWith("01020304" + "00".repeat(12) + "0123456789abcdef" + "9601" + "fedc" + "00".repeat(68))
			.hasSize(2 * 112)
			.doesNotEndWith("00".repeat(16));
	}

	@Test
	void hmacIsThatOfOtherImplementations() {
		// printf 'key' as the key, 96 bytes; openssl dgst -sha256 -hmac key, the first 16
		// bytes
		byte[] packet = StampPacket.forReflector(new StampKey("key"), 1, 0, 0, false, 0);
		assertThat(hex(packet)).endsWith("9293d0930360b63299a41d98ac0ee3ab");
	}

	@ParameterizedTest
	@CsvSource({ "0,44", "44,44", "45,48", "47,48", "48,48", "49,49", "65507,65507" })
	void lengthHasRoomForThePadding(int asked, int size) {
		assertThat(StampPacket.size(null, asked)).isEqualTo(size);
		assertThat(StampPacket.forReflector(null, 1, 0, TIME, false, asked)).hasSize(size);
	}

	@ParameterizedTest
	@CsvSource({ "0,112", "113,116", "1000,1000" })
	void authenticatedLengthHasRoomForThePadding(int asked, int size) {
		assertThat(StampPacket.forReflector(new StampKey("key"), 1, 0, TIME, false, asked)).hasSize(size);
	}

	@Test
	void whatIsLongerIsPadding() {
		byte[] packet = StampPacket.forReflector(null, 1, 0, TIME, false, 50);
		assertThat(hex(packet)).endsWith("80010002" + "0000");
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
