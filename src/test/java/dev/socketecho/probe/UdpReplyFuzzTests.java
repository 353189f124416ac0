package dev.socketecho.probe;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import dev.socketecho.probe.StampSession.Arrival;
import dev.socketecho.probe.StampSession.Kind;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.testing.Fuzz;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever comes as a reply to a probe over UDP (STAMP, RFC 8762): only what equals a
 * packet that was sent counts, once, and nothing fails.
 */
class UdpReplyFuzzTests {

	private static final int SENT = 20;

	@Test
	void onlyWhatWasSentIsAReplyAndOnlyOnce() {
		for (int i = 0; i < Fuzz.INPUTS; i++) {
			check(new Random(Fuzz.SEED + i), Fuzz.SEED + i);
		}
	}

	private static void check(Random random, long seed) {
		StampSession session = new StampSession(ProbeProtocol.ECHO);
		RoundStatistics round = new RoundStatistics(ProbeRecorder.none(), new Jitter());
		List<ProbePacket> sent = new ArrayList<>();
		for (int i = 0; i < SENT; i++) {
			ProbePacket packet = session.next(random.nextInt(200), round);
			if (random.nextInt(5) == 0) {
				packet.giveUp();
			}
			sent.add(packet);
		}
		List<byte[]> contents = new ArrayList<>(Fuzz.corpus("stamp-replies"));
		sent.forEach((packet) -> contents.add(packet.content()));
		boolean[] answered = new boolean[SENT];
		for (int i = 0; i < SENT * 3; i++) {
			byte[] reply = random.nextBoolean() ? Fuzz.mutated(contents, random)
					: contents.get(random.nextInt(contents.size()));
			int of = indexOf(sent, reply);
			boolean outstanding = of >= 0 && sent.get(of).isOutstanding();
			Arrival arrival = session.received(Unpooled.wrappedBuffer(reply), System.nanoTime());
			assertThat(arrival.kind()).as("seed %d, reply %s", seed, Fuzz.hex(reply))
				.isEqualTo(expected(of, outstanding, answered));
			if (arrival.kind() == Kind.RECEIVED) {
				assertThat(arrival.packet()).isSameAs(sent.get(of));
				answered[of] = true;
			}
		}
	}

	private static Kind expected(int of, boolean outstanding, boolean[] answered) {
		if (of < 0) {
			return Kind.CORRUPTED;
		}
		if (answered[of]) {
			return Kind.DUPLICATED;
		}
		return outstanding ? Kind.RECEIVED : Kind.LATE;
	}

	private static int indexOf(List<ProbePacket> sent, byte[] reply) {
		for (int i = 0; i < sent.size(); i++) {
			if (Arrays.equals(sent.get(i).content(), reply)) {
				return i;
			}
		}
		return -1;
	}

}
