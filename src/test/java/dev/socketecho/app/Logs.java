package dev.socketecho.app;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;

/**
 * The application's log in this process. It is written by a thread of its own.
 */
public final class Logs {

	private static final Logger logger = LoggerFactory.getLogger(Logs.class);

	private static final AtomicLong markers = new AtomicLong();

	private Logs() {
	}

	/**
	 * Waits until what has been logged is written.
	 * @return all that was written in this test
	 */
	public static String written(CapturedOutput output) {
		String marker = "test marker " + markers.incrementAndGet() + ".";
		logger.warn(marker);
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> output.getOut().contains(marker));
		return output.getOut()
			.lines()
			.filter((line) -> !line.contains("test marker "))
			.reduce("", (text, line) -> text + line + "\n");
	}

}
