package dev.socketecho.probe;

import java.util.ArrayList;
import java.util.List;

import dev.socketecho.stamp.StampCounts;
import dev.socketecho.stamp.StampReply;
import dev.socketecho.telemetry.ProbeRecorder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a reflector's numbers and counters tell about losses.
 */
class OneWayLossesTests {

	private OneWayLosses losses = new OneWayLosses(false);

	private int forward;

	private int backward;

	private final ProbeRecorder recorder = new ProbeRecorder() {

		@Override
		public void lostOneWay(int moreForward, int moreBackward) {
			assertThat(List.of(moreForward, moreBackward)).allMatch((more) -> more >= 0);
			OneWayLossesTests.this.forward += moreForward;
			OneWayLossesTests.this.backward += moreBackward;
		}

	};

	@Test
	void countersTellWhatIsLostAfterTheFirstAnswer() {
		// The reflector has counted others before. Packets 11 and 12 do not reach it, the
		// answer to 13 does not come.
		round(direct(10, 501, 401), direct(14, 503, 403));
		expect(2, 1);
		round(direct(15, 504, 404));
		expect(2, 1);
	}

	@Test
	void whatTheReflectorDoesNotAnswerIsLostInNeitherDirection() {
		// It receives all, and does not answer 1 and 2.
		round(direct(0, 1, 1), direct(3, 4, 2));
		expect(0, 0);
	}

	@Test
	void countersThatCountOthersTellNothing() {
		round(direct(0, 1, 1), direct(2, 30, 30));
		round(direct(3, 40, 40), direct(5, 60, 60));
		expect(0, 0);
		// From here on they count this sender only.
		round(direct(6, 61, 61), direct(8, 62, 62));
		expect(1, 0);
	}

	@Test
	void countersGoOnAfterTheirLastValue() {
		round(direct(-3, -2, -2), direct(2, 1, 1));
		// -2 to 1 have not come: 2 of 5 did not reach the reflector.
		expect(2, 2);
	}

	@Test
	void reorderedAnswersAreNoLosses() {
		round(direct(1, 2, 2), direct(0, 1, 1), direct(3, 3, 3), direct(2, 4, 4));
		round(direct(4, 5, 5));
		expect(0, 0);
	}

	@Test
	void reflectorThatBeginsAnewLosesNothing() {
		round(numbered(0, 0), numbered(2, 1), numbered(3, 2));
		expect(1, 0);
		round(numbered(4, 0), numbered(5, 1));
		round(numbered(6, 2), numbered(9, 4));
		expect(2, 1);
	}

	@Test
	void lossesAreNoMoreThanWhatIsMissing() {
		// The reflector begins anew within the round, before packet 20. Only 5 is lost.
		List<StampReply> replies = new ArrayList<>();
		for (int i = 0; i < 40; i++) {
			if (i != 5) {
				replies.add(numbered(i, (i < 20) ? i - ((i > 5) ? 1 : 0) : i - 20));
			}
		}
		round(replies.toArray(StampReply[]::new));
		assertThat(this.forward + this.backward).isEqualTo(1);
	}

	@Test
	void reflectorThatIsKnownToBeStatefulNeedsNoLossForwards() {
		this.losses = new OneWayLosses(true);
		round(numbered(0, 0), numbered(3, 3));
		expect(0, 2);
		round(numbered(4, 4), numbered(6, 5));
		expect(1, 2);
		// It begins anew, and is still known.
		round(numbered(7, 0), numbered(8, 1));
		round(numbered(9, 2), numbered(11, 4));
		expect(1, 3);
	}

	@Test
	void numbersThatDoNotBeginWithZeroTellLossesFromThenOn() {
		round(numbered(0, 1000), numbered(1, 1001));
		round(numbered(2, 1002), numbered(4, 1003));
		expect(1, 0);
	}

	private void round(StampReply... replies) {
		for (StampReply reply : replies) {
			this.losses.answered(reply, true);
		}
		this.losses.endRound(this.recorder);
	}

	private void expect(int expectedForward, int expectedBackward) {
		assertThat(List.of(this.forward, this.backward)).isEqualTo(List.of(expectedForward, expectedBackward));
	}

	private static StampReply numbered(int packet, int number) {
		return reply(packet, number, null);
	}

	private static StampReply direct(int packet, int received, int sent) {
		return reply(packet, packet, new StampCounts(packet, received, sent));
	}

	private static StampReply reply(int packet, int number, @Nullable StampCounts counts) {
		return new StampReply(number, 1, 0, 0, packet, 0, false, 64, counts);
	}

}
