package dev.socketecho.stamp;

import java.net.InetSocketAddress;
import java.util.HexFormat;

import dev.socketecho.stamp.StampReflector.Verdict;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StampReflector}, against the figures and rules of RFC 8762 and 8972.
 */
class StampReflectorTests {

	private static final ByteBufAllocator ALLOCATOR = UnpooledByteBufAllocator.DEFAULT;

	private static final StampKey KEY = new StampKey("secret");

	/** 2024-01-01T00:00:00.5Z */
	private static final long RECEIVED = 1_704_067_200_500_000_000L;

	private static final String RECEIVED_NTP = "e93c7f0080000000";

	private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 0x1234);

	private static final InetSocketAddress DESTINATION = new InetSocketAddress("2001:db8::1", 862);

	private static final StampCounts COUNTS = new StampCounts(9, 0x11223344, 0x55667788);

	private static final String T1 = "0123456789abcdef";

	private final StampReflector plain = new StampReflector(null, false, false);

	@Test
	void answerHasTheFieldsOfTheFigure() {
		String answer = reflect(this.plain, "01020304" + T1 + "c123" + "fedc" + "00".repeat(28), 0);
		assertThat(answer).isEqualTo("00000009" + "00".repeat(8) + "0001" + "fedc" + RECEIVED_NTP + "01020304" + T1
				+ "c123" + "0000" + "40" + "000000");
	}

	@Test
	void authenticatedAnswerHasTheFieldsOfTheFigure() {
		StampReflector reflector = new StampReflector(KEY, true, false);
		ByteBuf packet = packet(
				"01020304" + "00".repeat(12) + T1 + "c123" + "fedc" + "00".repeat(68) + "00".repeat(16));
		KEY.sign(packet, 0, 96);
		assertThat(reflector.check(packet)).isEqualTo(Verdict.ACCEPTED);
		ByteBuf answer = reflector.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(ByteBufUtil.hexDump(answer)).isEqualTo("00000009" + "00".repeat(12) + "00".repeat(8) + "9601"
				+ "fedc" + "00000000" + RECEIVED_NTP + "00".repeat(8) + "01020304" + "00".repeat(12) + T1 + "c123"
				+ "00".repeat(6) + "40" + "00".repeat(15) + "00".repeat(16));
		reflector.finish(answer);
		assertThat(KEY.verifies(answer, 0, 96)).isTrue();
		assertThat(StampReply.read(answer, KEY, RECEIVED)).isNotNull();
		assertThat(StampReply.read(answer, new StampKey("other"), RECEIVED)).isNull();
		answer.release();
	}

	@Test
	void timeOfSendingIsWrittenLast() {
		ByteBuf packet = Unpooled.wrappedBuffer(new StampSender(null, false).packet(7, 3, 0, false, 44));
		ByteBuf answer = this.plain.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		long before = StampTime.now();
		this.plain.finish(answer);
		StampReply reply = StampReply.read(answer, null, before);
		assertThat(reply).isNotNull();
		assertThat(reply.sent()).isBetween(before, StampTime.now());
		assertThat(reply.received()).isEqualTo(RECEIVED);
		assertThat(reply.sequence()).isEqualTo(9);
		assertThat(reply.senderSequence()).isEqualTo(3);
		assertThat(reply.session()).isEqualTo(7);
		assertThat(reply.hopLimit()).isEqualTo(64);
		assertThat(reply.isSynchronized()).isFalse();
		answer.release();
	}

	@ParameterizedTest
	@CsvSource({ "14,44", "16,44", "43,44", "44,44", "45,45", "1000,1000" })
	void answerIsAsLongAsThePacketButAtLeastTheBasePacket(int length, int answerLength) {
		ByteBuf packet = Unpooled.buffer().writeInt(1).writeZero(length - 4);
		assertThat(this.plain.check(packet)).isEqualTo(Verdict.ACCEPTED);
		ByteBuf answer = this.plain.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(answer.readableBytes()).isEqualTo(answerLength);
		assertThat(answer.isDirect()).isTrue();
		answer.release();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 13 })
	void packetThatIsTooShortIsRefused(int length) {
		ByteBuf packet = Unpooled.buffer().writeZero(length);
		assertThat(this.plain.check(packet)).isEqualTo(Verdict.TOO_SHORT);
		assertThat(new StampReflector(KEY, false, false).check(packet)).isEqualTo(Verdict.TOO_SHORT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 14, 44, 111 })
	void packetWithoutRoomForAnHmacIsNotAuthentic(int length) {
		ByteBuf packet = Unpooled.buffer().writeZero(length);
		assertThat(new StampReflector(KEY, false, false).check(packet)).isEqualTo(Verdict.NOT_AUTHENTIC);
	}

	@Test
	void eachChangedByteOfTheBasePacketIsNoticed() {
		StampReflector reflector = new StampReflector(KEY, false, false);
		byte[] packet = new StampSender(KEY, false).packet(7, 3, 5, false, 112);
		assertThat(reflector.check(Unpooled.wrappedBuffer(packet))).isEqualTo(Verdict.ACCEPTED);
		for (int i = 0; i < packet.length; i++) {
			byte[] changed = packet.clone();
			changed[i] ^= 1;
			assertThat(reflector.check(Unpooled.wrappedBuffer(changed))).as("byte %d", i)
				.isEqualTo(Verdict.NOT_AUTHENTIC);
		}
	}

	@Test
	void knownExtensionsAreFilled() {
		String padding = "80010003" + "aabbcc";
		String information = "80030004" + "00000000";
		String direct = "8005000c" + "0000002a" + "00".repeat(8);
		assertThat(tlvs(this.plain, padding + information + direct, 0)).isEqualTo(
				"00010003" + "aabbcc" + "00030004" + "05020502" + "0005000c" + "0000002a" + "11223344" + "55667788");
		assertThat(tlvs(new StampReflector(null, true, false), information, 0)).isEqualTo("00030004" + "00020002");
	}

	@Test
	void locationHasPortsAndAddressesOfThePacket() {
		String asked = "8002003c" + "00000000" + "80040010" + "00".repeat(16) + "80070010" + "00".repeat(16)
				+ "80010008" + "00".repeat(8) + "807f0000";
		assertThat(tlvs(this.plain, asked, 0))
			.isEqualTo("0002003c" + "035e1234" + "00060010" + "20010db8000000000000000000000001" + "00080010"
					+ "c0000201" + "00".repeat(12) + "00030008" + "00".repeat(8) + "807f0000");
	}

	@Test
	void classIsReportedAndTheWishIsRefused() {
		// Asked: DSCP 46 (EF). Received: DSCP 10, ECN 1
		String asked = "80040004" + hex(46 << 26);
		int received = (10 << 2) | 1;
		ByteBuf packet = packet("00".repeat(44) + asked);
		StampReflector.Answer answer = this.plain.reflect(packet, arrival(received), COUNTS, ALLOCATOR);
		assertThat(answer.trafficClass()).isEqualTo(10 << 2);
		assertThat(ByteBufUtil.hexDump(answer.content()).substring(88))
			.isEqualTo("00040004" + hex((46 << 26) | (10 << 20) | (1 << 18) | (1 << 16)));
		answer.content().release();
	}

	@Test
	void classIsGrantedToThoseThatMayChoose() {
		ByteBuf packet = packet("00".repeat(44) + "80040004" + hex(46 << 26));
		StampReflector.Answer answer = new StampReflector(null, false, true).reflect(packet, arrival(0), COUNTS,
				ALLOCATOR);
		assertThat(answer.trafficClass()).isEqualTo(46 << 2);
		assertThat(ByteBufUtil.hexDump(answer.content()).substring(88)).isEqualTo("00040004" + hex(46 << 26));
		answer.content().release();
	}

	@Test
	void classThatThePlatformDoesNotTellIsNotUnderstood() {
		assertThat(tlvs(this.plain, "80040004" + hex(46 << 26), StampArrival.NO_CLASS))
			.isEqualTo("80040004" + hex(46 << 26));
	}

	@Test
	void unknownExtensionsComeBackWithU() {
		assertThat(tlvs(this.plain, "80060004" + "10000000" + "00070000" + "80ff0001" + "aa" + "80010000", 0))
			.isEqualTo("80060004" + "10000000" + "80070000" + "80ff0001" + "aa" + "00010000");
	}

	@ParameterizedTest
	@CsvSource({
			// The value has not the length of its type
			"8003000300000080010000,4003000300000080010000", "8005000000,4005000000", "80020003000000,40020003000000",
			// The packet ends before the TLV
			"80010005aabb,40010005aabb", "80fe0001,c0fe0001", "8001,4001", "80,c0",
			// A sub-TLV of a location has not the length of its type, or is cut
			"8002000c0000000080040004ffffffff,4002000c0000000040040004ffffffff",
			"800200060000000080ff,400200060000000040ff" })
	void malformedExtensionEndsTheProcessing(String tlvs, String answered) {
		assertThat(tlvs(this.plain, "80010000" + tlvs, 0)).isEqualTo("00010000" + answered);
	}

	@Test
	void hmacWithoutKeyCannotBeVerified() {
		String tlvs = "df010000" + "80080010" + "00".repeat(16);
		assertThat(tlvs(this.plain, tlvs, 0)).isEqualTo("a0010000" + "a0080010" + "00".repeat(16));
	}

	@Test
	void authenticatedExtensionsHaveTheirOwnHmac() {
		StampReflector reflector = new StampReflector(KEY, false, false);
		ByteBuf packet = signed("8003000400000000" + "80080010" + "00".repeat(16) + "80010002" + "abcd", 8);
		assertThat(reflector.check(packet)).isEqualTo(Verdict.ACCEPTED);
		ByteBuf answer = reflector.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(ByteBufUtil.hexDump(answer).substring(224)).startsWith("0003000405020502" + "00080010")
			.endsWith("00010002" + "abcd");
		// Sequence number 9 and the TLV before the HMAC
		ByteBuf covered = packet("00000009" + "0003000405020502" + "00".repeat(16));
		KEY.sign(covered, 0, 12);
		assertThat(ByteBufUtil.hexDump(answer, 112 + 12, 16)).isEqualTo(ByteBufUtil.hexDump(covered, 12, 16));
		answer.release();
	}

	@ParameterizedTest
	@CsvSource({
			// No HMAC TLV
			"8003000400000000,a003000400000000", "8001000080010000,a0010000a0010000",
			// One that is wrong
			"800300040000000080080010000102030405060708090a0b0c0d0e0f,a0030004000000"
					+ "00a0080010000102030405060708090a0b0c0d0e0f" })
	void authenticatedExtensionsWithoutValidHmacAreNotProcessed(String tlvs, String answered) {
		StampReflector reflector = new StampReflector(KEY, false, false);
		ByteBuf packet = signed(tlvs, -1);
		assertThat(reflector.check(packet)).isEqualTo(Verdict.ACCEPTED);
		ByteBuf answer = reflector.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(ByteBufUtil.hexDump(answer).substring(224)).isEqualTo(answered);
		answer.release();
	}

	@Test
	void hmacMustBeBehindAllButPadding() {
		StampReflector reflector = new StampReflector(KEY, false, false);
		ByteBuf packet = signed("80080010" + "00".repeat(16) + "8003000400000000", 0);
		ByteBuf answer = reflector.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(answer.getUnsignedByte(112)).isEqualTo((short) 0xa0);
		assertThat(ByteBufUtil.hexDump(answer)).endsWith("a003000400000000");
		answer.release();
	}

	@Test
	void onePaddingNeedsNoHmac() {
		StampReflector reflector = new StampReflector(KEY, false, false);
		ByteBuf packet = Unpooled.wrappedBuffer(new StampSender(KEY, false).packet(1, 2, 3, false, 120));
		ByteBuf answer = reflector.reflect(packet, arrival(0), COUNTS, ALLOCATOR).content();
		assertThat(ByteBufUtil.hexDump(answer).substring(224)).isEqualTo("00010004" + "00000000");
		answer.release();
	}

	@Test
	void replyOfTwampLightIsRead() {
		ByteBuf reply = packet(
				"00000001" + T1 + "0001" + "0000" + RECEIVED_NTP + "00000002" + T1 + "0001" + "0000" + "3f");
		StampReply read = StampReply.read(reply, null, RECEIVED);
		assertThat(read).isNotNull();
		assertThat(read.hopLimit()).isEqualTo(63);
		assertThat(read.received()).isEqualTo(RECEIVED);
		assertThat(StampReply.read(reply.slice(0, 40), null, RECEIVED)).isNull();
	}

	@Test
	void keyIsNotShown() {
		assertThat(KEY).hasToString("******").isEqualTo(new StampKey("secret")).isNotEqualTo(new StampKey("secrets"));
	}

	/**
	 * An authenticated packet with sequence number 5.
	 * @param hmac where the HMAC TLV is that is to be filled, negative for none
	 */
	private static ByteBuf signed(String tlvs, int hmac) {
		ByteBuf packet = packet("00000005" + "00".repeat(108) + tlvs);
		KEY.sign(packet, 0, 96);
		if (hmac >= 0) {
			KEY.sign(packet, 0, 4, 112, hmac, 112 + hmac + 4);
		}
		return packet;
	}

	private static String tlvs(StampReflector reflector, String tlvs, int trafficClass) {
		return reflect(reflector, "00".repeat(44) + tlvs, trafficClass).substring(88);
	}

	private static String reflect(StampReflector reflector, String packet, int trafficClass) {
		ByteBuf answer = reflector.reflect(packet(packet), arrival(trafficClass), COUNTS, ALLOCATOR).content();
		try {
			return ByteBufUtil.hexDump(answer);
		}
		finally {
			answer.release();
		}
	}

	private static StampArrival arrival(int trafficClass) {
		return new StampArrival(RECEIVED, 64, trafficClass, SOURCE, () -> DESTINATION);
	}

	private static String hex(int value) {
		return HexFormat.of().toHexDigits(value);
	}

	private static ByteBuf packet(String hex) {
		return Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex));
	}

}
