package dev.socketecho.probe;

import java.util.ArrayList;
import java.util.List;

import dev.socketecho.probe.StampSession.Arrival;
import dev.socketecho.probe.StampSession.Kind;
import dev.socketecho.telemetry.ProbeRecorder;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a session remembers, and for how long.
 */
class StampSessionTests {

	private final RoundStatistics round = new RoundStatistics(ProbeRecorder.none(), new Jitter());

	@Test
	void packetsOfTheLastRoundsAreRememberedWithoutTheirBytes() {
		StampSession session = new StampSession(ProbeProtocol.ECHO);
		for (int i = 0; i < 20; i++) {
			session.beginRound(1000);
			for (int k = 0; k < 1000; k++) {
				session.next(9000, this.round);
			}
		}
		assertThat(session.remembered()).isEqualTo(4000);
		ProbePacket packet = session.next(9000, this.round);
		assertThat(packet.content()).isNotSameAs(packet.content()).isEqualTo(packet.content());
		assertThat(ProbePacket.class.getDeclaredFields()).noneMatch((field) -> field.getType() == byte[].class);
	}

	@Test
	void replyToAForgottenPacketIsLateAndTakesNoOther() {
		StampSession session = new StampSession(ProbeProtocol.ECHO);
		session.beginRound(1);
		List<byte[]> contents = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			contents.add(session.next(100, this.round).content());
		}
		assertThat(session.remembered()).isLessThan(200);
		assertThat(received(session, contents.getFirst())).isEqualTo(new Arrival(Kind.LATE, null, false, null));
		byte[] altered = contents.getFirst().clone();
		altered[60] ^= 1;
		assertThat(received(session, altered).kind()).isEqualTo(Kind.CORRUPTED);
		assertThat(received(session, contents.getLast()).kind()).isEqualTo(Kind.RECEIVED);
	}

	@Test
	void orderIsToldAcrossTheEndOfTheSequenceNumbers() {
		StampSession session = new StampSession(ProbeProtocol.ECHO, -2);
		List<byte[]> contents = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			contents.add(session.next(100, this.round).content());
		}
		assertThat(received(session, contents.get(0)).reordered()).isFalse();
		assertThat(received(session, contents.get(1)).reordered()).isFalse();
		assertThat(received(session, contents.get(3)).reordered()).isFalse();
		assertThat(received(session, contents.get(2)).reordered()).isTrue();
		assertThat(received(session, contents.get(4)).reordered()).isFalse();
	}

	private static Arrival received(StampSession session, byte[] content) {
		return session.received(Unpooled.wrappedBuffer(content), System.nanoTime());
	}

}
