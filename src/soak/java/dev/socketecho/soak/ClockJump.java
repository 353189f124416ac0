package dev.socketecho.soak;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;

import dev.socketecho.app.EchoClient;
import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;
import dev.socketecho.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;

/**
 * One setting of the service's wall clock: the service knows of it, and nothing else has
 * changed, but that a certificate which is not valid by the new time is refused.
 *
 * @param subject whose clock is set
 * @param clock its clock
 * @param certificate that a jump makes invalid
 * @param failures where it says what went wrong
 */
record ClockJump(Subject subject, WallClock clock, X509Bundle certificate, List<String> failures) {

	/** A server that only this class calls. */
	static final String LONE = "lone";

	/** A server that requires a client certificate. */
	static final String MUTUAL = "mutual";

	static final List<String> SERVERS = List.of(LONE, MUTUAL);

	private static final Duration TOLERANCE = Duration.ofSeconds(10);

	private static final Duration LIMIT = Duration.ofSeconds(30);

	/**
	 * Sets the clock.
	 * @param jump how it is called where something goes wrong
	 * @param ahead how far it is to be ahead
	 * @return whether the service was seen to know of it
	 */
	boolean make(String jump, Duration ahead) throws Exception {
		try (EchoClient older = EchoClient.connect(this.subject.port(LONE))) {
			older.exchange("before");
			this.clock.set(ahead);
			boolean logged = await(() -> isNear(this.subject.log().ahead(), ahead));
			require(logged, jump + "the log does not have the new time");
			require("after".equals(older.exchange("after")), jump + "an older connection does not go on");
			try (EchoClient younger = EchoClient.connect(this.subject.port(LONE))) {
				younger.exchange("younger");
				boolean opened = checkListing(jump, ahead, older, younger);
				return logged && opened;
			}
		}
	}

	private boolean checkListing(String jump, Duration ahead, EchoClient older, EchoClient younger) {
		List<Map<String, Object>> listed = this.subject.actuator().json("connections?server=" + LONE, "$.connections");
		List<Object> sources = listed.stream().map((connection) -> connection.get("source")).toList();
		require(sources.equals(List.of("127.0.0.1:" + older.localPort(), "127.0.0.1:" + younger.localPort())),
				jump + "not the oldest first: " + listed);
		Duration idle = Duration.parse(String.valueOf(listed.getFirst().get("idle")));
		require(!idle.isNegative() && idle.compareTo(LIMIT) < 0, jump + "idle for " + idle);
		boolean opened = listed.stream()
			.map((connection) -> Instant.parse(String.valueOf(connection.get("opened"))))
			.anyMatch((time) -> isNear(Duration.between(Instant.now(), time), ahead));
		require(opened, jump + "no connection was opened by the new time: " + listed);
		return opened;
	}

	/**
	 * Checks that the server's and the client's certificates are accepted while they are
	 * valid. Each handshake is a full one: a resumed session checks no certificate.
	 */
	void checkCertificate(String jump, boolean valid) throws Exception {
		require(isAccepted() == valid, jump + "the certificate of a client is " + (valid ? "refused" : "accepted"));
		String series = "echo_probe_up{probe=\"" + Outward.BRIEF + "\"}";
		require(await(() -> (this.subject.actuator().scrape().value(series) > 0) == valid),
				jump + "the probe is " + (valid ? "down" : "up"));
	}

	private boolean isAccepted() throws Exception {
		try {
			new HonestTcp(MUTUAL, this.subject.port(MUTUAL), Framing.LINE, Manner.ECHO,
					TestCertificates.INSTANCE.clientContext(this.certificate))
				.session(new Tally(), new Random());
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private void require(boolean fulfilled, String otherwise) {
		if (!fulfilled) {
			this.failures.add(otherwise);
		}
	}

	private static boolean isNear(Duration found, Duration expected) {
		return found.minus(expected).abs().compareTo(TOLERANCE) < 0;
	}

	private static boolean await(BooleanSupplier condition) throws InterruptedException {
		long deadline = System.nanoTime() + LIMIT.toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() - deadline > 0) {
				return false;
			}
			Thread.sleep(Duration.ofMillis(100));
		}
		return true;
	}

}
