package dev.socketecho.soak;

import java.nio.file.Path;
import java.time.Duration;

/**
 * What is run and for how long, from system properties.
 *
 * @param jar the packaged service
 * @param options the file of its JVM's options
 * @param transport {@code echo.transport}
 * @param duration how long the clients are at it
 * @param seed of all that is random
 * @param log where the service's log goes
 */
record SoakSettings(Path jar, Path options, String transport, Duration duration, long seed, Path log) {

	static SoakSettings ofSystemProperties() {
		return new SoakSettings(Path.of(System.getProperty("soak.jar", "target/socket-echo.jar")),
				Path.of(System.getProperty("soak.options", "container/jvm.options")),
				System.getProperty("soak.transport", "auto"),
				Duration.ofSeconds((long) (60 * Double.parseDouble(System.getProperty("soak.minutes", "10")))),
				Long.getLong("soak.seed", 1), Path.of(System.getProperty("soak.log", "target/soak.log")));
	}

}
