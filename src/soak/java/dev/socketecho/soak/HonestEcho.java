package dev.socketecho.soak;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;

import com.jayway.jsonpath.JsonPath;

/**
 * Makes the service's own client send a message, and reads its round trip time.
 *
 * @param subject the service
 */
record HonestEcho(Subject subject) implements Honest {

	/** The name of this client in the closing table. */
	static final String SERVER = "/actuator/echo";

	private static final int MESSAGES = 5;

	private static final int MOST_MICROS = 60_000_000;

	@Override
	public String server() {
		return SERVER;
	}

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		long start = System.nanoTime();
		HttpResponse<String> response = this.subject.actuator()
			.post("echo/" + Outward.CLIENT,
					"{\"payloadSize\":%d,\"count\":%d}".formatted(random.nextInt(1000), MESSAGES));
		tally.answered(System.nanoTime() - start);
		List<Integer> micros = JsonPath.read(response.body(), "$.messages[*].rttMicros");
		tally.messages.add(micros.size());
		if (micros.size() != MESSAGES
				|| micros.stream().anyMatch((time) -> time == null || time < 0 || time > MOST_MICROS)) {
			throw new IOException("not echoed, or not in time: " + response.body());
		}
		Thread.sleep(Duration.ofMillis(500));
	}

}
