package dev.socketecho.probe;

import java.time.Instant;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;
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
		byte[] packet = StampPacket.create(0xfedc, 0x01020304, TIME, StampPacket.MIN_SIZE);
		assertThat(HexFormat.of().formatHex(packet))
			.isEqualTo("01020304" + "0123456789abcdef" + "0001" + "fedc" + "00".repeat(28));
	}

	@Test
	void paddingFollowsTheSequenceNumber() {
		byte[] packet = StampPacket.create(1, 5, TIME, StampPacket.MIN_SIZE + 3);
		assertThat(packet).hasSize(47).endsWith(5 + 44, 5 + 45, 5 + 46);
	}

	@ParameterizedTest
	@CsvSource({ "1900-01-01T00:00:00Z,0", "1970-01-01T00:00:00Z,83aa7e8000000000",
			"1970-01-01T00:00:00.5Z,83aa7e8080000000", "2036-02-07T06:28:15.999999999Z,fffffffffffffffb",
			"2036-02-07T06:28:16Z,0" })
	void timestampIsThatOfNtp(Instant time, String timestamp) {
		assertThat(Long.toHexString(StampPacket.timestamp(time))).isEqualTo(timestamp);
	}

	@ParameterizedTest
	@ValueSource(ints = { 44, 45, 1000, 65507 })
	void readsWhatItWrites(int size) {
		ByteBuf packet = Unpooled.wrappedBuffer(StampPacket.create(0xffff, -1, TIME, size));
		assertThat(StampPacket.sequence(packet, 0xffff)).isEqualTo(0xffffffffL);
		assertThat(StampPacket.isOf(packet, 0xffff, -1)).isTrue();
		assertThat(StampPacket.isOf(packet, 0xffff, 1)).isFalse();
		assertThat(StampPacket.isOf(packet, 0xfffe, -1)).isFalse();
	}

	@Test
	void packetOfAnotherSessionOrTooShortHasNoSequenceNumber() {
		byte[] packet = StampPacket.create(7, 1, TIME, StampPacket.MIN_SIZE);
		assertThat(StampPacket.sequence(Unpooled.wrappedBuffer(packet), 8)).isEqualTo(-1);
		assertThat(StampPacket.sequence(Unpooled.wrappedBuffer(packet, 0, 43), 7)).isEqualTo(-1);
		assertThat(StampPacket.sequence(Unpooled.EMPTY_BUFFER, 7)).isEqualTo(-1);
	}

	@Test
	void everyByteThatChangesIsSeen() {
		byte[] packet = StampPacket.create(7, 1, TIME, 60);
		for (int i = 0; i < packet.length; i++) {
			byte[] changed = packet.clone();
			changed[i] ^= 1;
			boolean timestamp = i >= 4 && i < 12;
			assertThat(StampPacket.isOf(Unpooled.wrappedBuffer(changed), 7, 1)).as("byte %d", i).isEqualTo(timestamp);
		}
	}

}
