package dev.socketecho.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;

/**
 * The service with 256 descriptors, and more connections than that: it goes on serving
 * those that it has, waits rather than spins, says so once a second, and takes new ones
 * when there is room.
 */
final class DescriptorPhase {

	private static final int DESCRIPTORS = 256;

	private static final int CONNECTIONS = 400;

	private static final Duration EXHAUSTED = Duration.ofSeconds(10);

	private final SoakSettings settings;

	private final Verdict verdict;

	DescriptorPhase(SoakSettings settings, Verdict verdict) {
		this.settings = settings;
		this.verdict = verdict;
	}

	void run() throws Exception {
		Path log = this.settings.log().resolveSibling(this.settings.log().getFileName() + ".descriptors");
		try (Subject subject = Subject.start(this.settings, DESCRIPTORS, log,
				List.of(),
				Map.of())) {
			HonestTcp honest = new HonestTcp("line", subject.port("line"), Framing.LINE, Manner.ECHO, null);
			honest.session(new Tally(), new Random(1));
			ProcessFigures before = subject.figures();
			exhaust(subject);
			Tally tally = new Tally();
			for (int i = 0; i < 10; i++) {
				honest.session(tally, new Random(i));
			}
			this.verdict.note("few descriptors: messages echoed afterwards", "%d", tally.messages.sum());
			Counters counters = new Counters(Aftermath.awaitEnd(subject));
			counters.checkTcp(this.verdict, "stream", true);
			counters.checkTcp(this.verdict, "line", true);
			this.verdict.atMost("few descriptors: open afterwards, %d before".formatted(before.descriptors()), "",
					before.descriptors() + 2, subject.figures().descriptors());
			this.verdict.check(subject.actuator().get("health/readiness").statusCode() == 200,
					"few descriptors: ready afterwards", "");
			this.verdict.equal("few descriptors: lines at ERROR or of a stack trace", 0, subject.log().errors());
			subject.log().firstErrors().forEach((line) -> this.verdict.note("log", "%s", line));
		}
	}

	private void exhaust(Subject subject) throws Exception {
		List<HostileSocket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < CONNECTIONS; i++) {
				sockets.add(HostileSocket.connect(subject.port("stream")));
			}
			Thread.sleep(Duration.ofSeconds(2));
			ProcessFigures start = subject.figures();
			long warned = subject.log().warned();
			Thread.sleep(EXHAUSTED);
			ProcessFigures end = subject.figures();
			this.verdict.check(end.descriptors() > DESCRIPTORS - 10, "few descriptors: taken", "%d of %d",
					end.descriptors(), DESCRIPTORS);
			this.verdict.atMost("few descriptors: CPU over 10 s without any left", "ms", 2000,
					end.cpu().minus(start.cpu()).toMillis());
			this.verdict.check(subject.log().warned() > warned, "few descriptors: warnings in those 10 s", "%d",
					subject.log().warned() - warned);
			this.verdict.atMost("few descriptors: warnings of a kind in a second", "", 2,
					subject.log().mostWarningsInASecond());
			HostileSocket first = sockets.getFirst();
			first.write(new byte[] { 1, 2, 3 });
			first.halfClose();
			this.verdict.equal("few descriptors: an old connection echoes", 3, first.readToEnd());
		}
		finally {
			for (HostileSocket socket : sockets) {
				socket.close();
			}
		}
	}

}
