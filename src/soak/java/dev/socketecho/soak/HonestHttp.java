package dev.socketecho.soak;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Random;

/**
 * Calls the readiness endpoint, as an orchestrator does.
 *
 * @param subject the service
 */
record HonestHttp(Subject subject) implements Honest {

	@Override
	public String server() {
		return Subject.HTTP;
	}

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		tally.messages.increment();
		long start = System.nanoTime();
		HttpResponse<String> response = this.subject.actuator().get("health/readiness");
		tally.answered(System.nanoTime() - start);
		tally.bytes.add(response.body().length());
		if (response.statusCode() != 200) {
			throw new IOException("not ready: " + response.body());
		}
		Thread.sleep(Duration.ofSeconds(1));
	}

}
