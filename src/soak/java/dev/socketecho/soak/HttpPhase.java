package dev.socketecho.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;

import javax.net.ServerSocketFactory;

/**
 * More HTTP connections than the service takes, and more bodies at once than it can hold:
 * the echo servers do not notice, and HTTP serves again when they have gone.
 */
final class HttpPhase {

	private static final int CONNECTIONS = 1500;

	/** {@code echo.http.max-connections}. */
	private static final int MOST_CONNECTIONS = 1000;

	private static final int BODIES = 40;

	private static final Duration END = Duration.ofSeconds(60);

	private final SoakSettings settings;

	private final Verdict verdict;

	HttpPhase(SoakSettings settings, Verdict verdict) {
		this.settings = settings;
		this.verdict = verdict;
	}

	void run() throws Exception {
		Path log = this.settings.log().resolveSibling(this.settings.log().getFileName() + ".http");
		try (Reflector reflector = Reflector.tcp(ServerSocketFactory.getDefault());
				Subject subject = Subject.start(this.settings, 0, log, properties(reflector.port()), Map.of())) {
			HonestTcp honest = new HonestTcp("line", subject.port("line"), Framing.LINE, Manner.ECHO, null);
			honest.session(new Tally(), new Random(1));
			bodies(subject);
			ProcessFigures before = subject.figures();
			hold(subject, honest, before);
			this.verdict.check(subject.actuator().get("health/readiness").statusCode() == 200,
					"many HTTP connections: ready afterwards", "");
			this.verdict.equal("many HTTP connections: lines at ERROR or of a stack trace", 0, subject.log().errors());
			subject.log().firstErrors().forEach((line) -> this.verdict.note("log", "%s", line));
		}
	}

	private static List<String> properties(int reflectorPort) {
		List<String> properties = new ArrayList<>();
		properties.add("management.endpoint.echo.access=unrestricted");
		properties.addAll(Outward.address("echo.tcp.clients." + Outward.CLIENT, reflectorPort));
		return properties;
	}

	private void bodies(Subject subject) throws InterruptedException {
		byte[] request = HostileHttp.largeRequest();
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < BODIES; i++) {
			threads.add(Thread.ofVirtual().start(() -> HostileHttp.send(subject.port(Subject.HTTP), request)));
		}
		for (Thread thread : threads) {
			thread.join();
		}
		this.verdict.check(subject.isAlive(), "many large bodies: the process lives", "%s", subject.isAlive());
	}

	private void hold(Subject subject, HonestTcp honest, ProcessFigures before) throws Exception {
		List<HostileSocket> sockets = new ArrayList<>();
		try {
			for (int i = 0; i < CONNECTIONS; i++) {
				sockets.add(HostileSocket.connect(subject.port(Subject.HTTP)));
				try {
					sockets.getLast().write(HostileHttp.text("GET / HTTP/1.1\r\n"));
				}
				catch (IOException ex) {
					// Refused
				}
			}
			Thread.sleep(Duration.ofSeconds(1));
			this.verdict.atMost("many HTTP connections: descriptors, %d before".formatted(before.descriptors()), "",
					before.descriptors() + MOST_CONNECTIONS + 10, subject.figures().descriptors());
			Tally tally = new Tally();
			for (int i = 0; i < 10; i++) {
				honest.session(tally, new Random(i));
			}
			this.verdict.note("many HTTP connections: messages echoed meanwhile", "%d", tally.messages.sum());
			long deadline = System.nanoTime() + END.toNanos();
			while (subject.figures().descriptors() > before.descriptors() + 10 && System.nanoTime() - deadline < 0) {
				Thread.sleep(Duration.ofSeconds(1));
			}
			this.verdict.atMost("many HTTP connections: descriptors after %d s".formatted(END.toSeconds()), "",
					before.descriptors() + 10, subject.figures().descriptors());
		}
		finally {
			for (HostileSocket socket : sockets) {
				socket.close();
			}
		}
	}

}
