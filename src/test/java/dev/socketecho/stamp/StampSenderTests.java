package dev.socketecho.stamp;

import java.net.InetSocketAddress;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StampSender}, against the figures of RFC 8762 and 8972, and of the
 * counters that {@link StampReply} reads.
 */
class StampSenderTests {

	private static final long TIME = 0x0123456789abcdefL;

	private static final StampKey KEY = new StampKey("key");

	private static final StampCounts COUNTS = new StampCounts(9, 0x11223344, 0x55667788);

	@Test
	void fieldsAreWhereTheRfcHasThem() {
		String fields = "01020304" + "0123456789abcdef" + "0001" + "fedc" + "00".repeat(28);
		assertThat(hex(new StampSender(null, false).packet(0xfedc, 0x01020304, TIME, false, 0))).isEqualTo(fields);
	}

	@Test
	void authenticatedFieldsAreWhereTheRfcHasThem() {
		byte[] packet = new StampSender(KEY, false).packet(0xfedc, 0x01020304, TIME, true, 0);
		assertThat(hex(packet))
			.startsWith("01020304" + "00".repeat(12) + "0123456789abcdef" + "9601" + "fedc" + "00".repeat(68))
			.hasSize(2 * 112)
			.doesNotEndWith("00".repeat(16));
	}

	@Test
	void hmacIsThatOfOtherImplementations() {
		// printf 'key' as the key, 96 bytes; openssl dgst -sha256 -hmac key, the first 16
		// bytes
		byte[] packet = new StampSender(KEY, false).packet(1, 0, 0, false, 0);
		assertThat(hex(packet)).endsWith("9293d0930360b63299a41d98ac0ee3ab");
	}

	@ParameterizedTest
	@CsvSource({ "0,44", "44,44", "45,48", "47,48", "48,48", "49,49", "65507,65507" })
	void lengthHasRoomForThePadding(int asked, int size) {
		assertThat(new StampSender(null, false).size(asked)).isEqualTo(size);
		assertThat(new StampSender(null, false).packet(1, 0, TIME, false, asked)).hasSize(size);
	}

	@ParameterizedTest
	@CsvSource({ "0,112", "113,116", "1000,1000" })
	void authenticatedLengthHasRoomForThePadding(int asked, int size) {
		assertThat(new StampSender(KEY, false).packet(1, 0, TIME, false, asked)).hasSize(size);
	}

	@Test
	void whatIsLongerIsPadding() {
		byte[] packet = new StampSender(null, false).packet(1, 0, TIME, false, 50);
		assertThat(hex(packet)).endsWith("80010002" + "0000");
	}

	@ParameterizedTest
	@CsvSource({ "0,60", "60,60", "61,64", "1000,1000" })
	void countersHaveATlv(int asked, int size) {
		byte[] packet = new StampSender(null, true).packet(1, 41, TIME, false, asked);
		assertThat(packet).hasSize(size);
		assertThat(hex(packet).substring(88)).startsWith("8005000c" + "0000002a" + "00".repeat(8))
			.endsWith((size > 60) ? "8001" + HexFormat.of().toHexDigits((short) (size - 64)) + "00".repeat(size - 64)
					: "");
	}

	@ParameterizedTest
	@CsvSource({ "0,148", "149,152", "1000,1000" })
	void hmacOfTheExtensionsIsTheLast(int asked, int size) {
		byte[] packet = new StampSender(KEY, true).packet(1, 41, TIME, false, asked);
		assertThat(packet).hasSize(size);
		ByteBuf buffer = Unpooled.wrappedBuffer(packet);
		assertThat(buffer.getInt(size - 20)).isEqualTo(0x80080010);
		assertThat(KEY.verifies(buffer, 0, 4, 112, size - 132, size - 16)).isTrue();
		assertThat(KEY.verifies(buffer, 0, 96)).isTrue();
	}

	@ParameterizedTest
	@CsvSource(value = { "NULL, 0", "NULL, 200", "key, 0", "key, 200" }, nullValues = "NULL")
	void countersOfTheReflectorAreRead(@Nullable String text, int size) {
		StampKey key = (text != null) ? new StampKey(text) : null;
		assertThat(counts(answer(new StampSender(key, true), size), key)).isEqualTo(COUNTS);
		assertThat(counts(answer(new StampSender(key, false), size), key)).isNull();
	}

	@ParameterizedTest
	@CsvSource({
			// Not understood, as it was sent
			"8005000c0000002a0000000100000002",
			// Malformed, or behind what is malformed
			"4005000c0000002a0000000100000002", "400300000005000c0000002a0000000100000002",
			"00050008000000010000000200", "0005000c0000002a",
			// Integrity has failed, in any TLV
			"2005000c0000002a0000000100000002", "0005000c0000002a000000010000000220010000",
			// An HMAC that nobody can verify
			"0005000c0000002a00000001000000020008001000000000000000000000000000000000" })
	void countersThatTheFlagsForbidAreNotUsed(String tlvs) {
		assertThat(counts(HexFormat.of().parseHex("00".repeat(44) + tlvs), null)).isNull();
		assertThat(counts(HexFormat.of().parseHex("00".repeat(44) + "0005000c0000002a0000000100000002" + "40010001"),
				null))
			.isEqualTo(new StampCounts(0, 1, 2));
	}

	@Test
	void countersWithoutRightHmacAreNotUsed() {
		byte[] answer = answer(new StampSender(KEY, true), 200);
		// Except for a reserved flag of the HMAC TLV itself, which it does not cover
		for (int i = 112; i < answer.length; i += (i == answer.length - 21) ? 2 : 1) {
			byte[] changed = answer.clone();
			changed[i] ^= 1;
			assertThat(counts(changed, KEY)).as("byte %d", i).isNull();
		}
	}

	private static byte[] answer(StampSender sender, int size) {
		StampReflector reflector = new StampReflector(sender.key(), false, false);
		InetSocketAddress address = new InetSocketAddress("192.0.2.1", 862);
		ByteBuf answer = reflector
			.reflect(Unpooled.wrappedBuffer(sender.packet(1, 41, TIME, false, size)),
					new StampArrival(0, 64, 0, address, () -> address), COUNTS, UnpooledByteBufAllocator.DEFAULT)
			.content();
		reflector.finish(answer);
		byte[] bytes = new byte[answer.readableBytes()];
		answer.readBytes(bytes).release();
		return bytes;
	}

	private static @Nullable StampCounts counts(byte[] answer, @Nullable StampKey key) {
		// Not at the beginning of its buffer
		StampReply reply = StampReply.read(Unpooled.wrappedBuffer(new byte[3], answer).skipBytes(3), key, 0);
		assertThat(reply).isNotNull();
		return reply.counts();
	}

	private static String hex(byte[] packet) {
		return HexFormat.of().formatHex(packet);
	}

}
