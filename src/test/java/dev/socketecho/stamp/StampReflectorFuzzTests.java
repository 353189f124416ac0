package dev.socketecho.stamp;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import dev.socketecho.stamp.StampReflector.Verdict;
import dev.socketecho.testing.Fuzz;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes to a reflector of STAMP (RFC 8762 and 8972): nothing fails, the answer
 * is as long as the packet but at least the base packet, and what a sender reads in it is
 * what it has sent.
 */
class StampReflectorFuzzTests {

	private static final StampKey KEY = new StampKey("fuzz");

	private static final InetSocketAddress ADDRESS = new InetSocketAddress("192.0.2.1", 862);

	private static final long RECEIVED = 1_704_067_200_123_456_789L;

	private final StampReflector plain = new StampReflector(null, false, false);

	private final StampReflector authenticated = new StampReflector(KEY, true, true);

	@Test
	void eachPacketOfSomeLengthIsAnswered() {
		List<byte[]> packets = new ArrayList<>(Fuzz.corpus("stamp-packets"));
		for (int i = 0; i < Fuzz.INPUTS; i++) {
			long seed = Fuzz.SEED + i;
			byte[] packet = Fuzz.mutated(packets, new Random(seed));
			check(this.plain, packet, StampMode.UNAUTHENTICATED, null, seed);
		}
	}

	@Test
	void eachAuthenticPacketIsAnsweredAndNoOther() {
		List<byte[]> packets = new ArrayList<>(Fuzz.corpus("stamp-packets"));
		for (int i = 0; i < Fuzz.INPUTS; i++) {
			long seed = Fuzz.SEED + i;
			Random random = new Random(seed);
			byte[] packet = Fuzz.mutated(packets, random);
			if (packet.length >= 112 && random.nextBoolean()) {
				KEY.sign(Unpooled.wrappedBuffer(packet), 0, 96);
				check(this.authenticated, packet, StampMode.AUTHENTICATED, KEY, seed);
			}
			else {
				assertThat(this.authenticated.check(Unpooled.wrappedBuffer(packet))).as("seed %d", seed)
					.isNotEqualTo(Verdict.ACCEPTED);
			}
		}
	}

	private static void check(StampReflector reflector, byte[] bytes, StampMode mode, StampKey key, long seed) {
		ByteBuf packet = Unpooled.wrappedBuffer(bytes);
		String input = "seed %d, packet %s".formatted(seed, Fuzz.hex(bytes));
		boolean accepted = bytes.length >= StampReflector.MIN_SIZE;
		assertThat(reflector.check(packet)).as(input).isEqualTo(accepted ? Verdict.ACCEPTED : Verdict.TOO_SHORT);
		if (!accepted) {
			return;
		}
		int trafficClass = (int) (seed % 257) - 1;
		StampReflector.Answer answer = reflector.reflect(packet,
				new StampArrival(RECEIVED, 17, trafficClass, ADDRESS, () -> ADDRESS), new StampCounts(1, 2, 3),
				UnpooledByteBufAllocator.DEFAULT);
		ByteBuf content = answer.content();
		try {
			reflector.finish(content);
			assertThat(content.readableBytes()).as(input).isEqualTo(Math.max(bytes.length, mode.size()));
			assertThat(answer.trafficClass()).as(input).isBetween(-1, 255);
			StampReply reply = StampReply.read(content, key, RECEIVED);
			assertThat(reply).as(input).isNotNull();
			assertThat(reply.senderSequence()).as(input).isEqualTo(packet.getInt(0));
			assertThat(reply.senderTimestamp()).as(input)
				.isEqualTo((bytes.length >= mode.timestamp() + 8) ? packet.getLong(mode.timestamp()) : 0);
			assertThat(reply.received()).as(input).isEqualTo(RECEIVED);
			assertThat(reply.hopLimit()).as(input).isEqualTo(17);
			assertThat(packet.array()).as(input).isEqualTo(bytes);
		}
		finally {
			content.release();
		}
	}

	@Test
	void whateverComesAsAReplyIsReadOrNot() {
		List<byte[]> packets = new ArrayList<>(Fuzz.corpus("stamp-packets"));
		for (int i = 0; i < Fuzz.INPUTS; i++) {
			byte[] reply = Fuzz.mutated(packets, new Random(Fuzz.SEED + i));
			StampReply read = StampReply.read(Unpooled.wrappedBuffer(reply), null, RECEIVED);
			assertThat(read != null).isEqualTo(reply.length >= 41);
			assertThat(StampReply.read(Unpooled.wrappedBuffer(reply), KEY, RECEIVED)).isNull();
		}
	}

	@Test
	void extensionsOfAReplyAreUsedOnlyIfTheirHmacIsRight() {
		StampCounts counts = new StampCounts(1, 2, 3);
		ByteBuf packet = Unpooled.wrappedBuffer(new StampSender(KEY, true).packet(7, 0, 0, false, 200));
		ByteBuf answer = this.authenticated
			.reflect(packet, new StampArrival(RECEIVED, 17, 0, ADDRESS, () -> ADDRESS), counts,
					UnpooledByteBufAllocator.DEFAULT)
			.content();
		this.authenticated.finish(answer);
		byte[] base = ByteBufUtil.getBytes(answer, 0, 112);
		List<byte[]> extensions = List.of(ByteBufUtil.getBytes(answer, 112, 88));
		answer.release();
		for (int i = 0; i < Fuzz.INPUTS; i++) {
			byte[] changed = Fuzz.mutated(extensions, new Random(Fuzz.SEED + i));
			StampReply read = StampReply.read(Unpooled.wrappedBuffer(base, changed), KEY, RECEIVED);
			assertThat(read).isNotNull();
			assertThat(read.counts()).as("seed %d, extensions %s", Fuzz.SEED + i, Fuzz.hex(changed)).isIn(null, counts);
		}
	}

}
