package dev.socketecho.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.app.Logs;
import dev.socketecho.config.properties.EchoProperties;
import dev.socketecho.testing.Fuzz;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever a configuration file says: the service starts, or says what is wrong, without
 * a stack trace. With {@code -Dfuzz.start=true} the servers are opened, too; without, the
 * properties are bound and validated.
 */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationFuzzIT {

	private static final int FILES = Math.max(1, Fuzz.INPUTS / 50);

	/** Whether the whole service is started, which takes ten times as long as binding. */
	private static final boolean START = Boolean.getBoolean("fuzz.start");

	private static final String[] VALUES = { "0", "-1", "1", "65535", "65536", "2147483647", "2147483648", "1e9", "''",
			"' '", "null", "~", "true", "nope", "[]", "{}", "[a, b]", "{a: b}", "5m", "-5m", "99999999d", "1KB", "-1B",
			"9EB", "bad host!", "'::1'", "127.0.0.1", "localhost", "'[::1]'", "10.0.0.0/8", "10.0.0.0/33", "'::/0'",
			"line", "until-close", "length-4", "delimiter", "epoll", "nio", "none-such", "\"\\0\"", "'${unknown}'",
			"'${a:b}'", "'#{1+1}'", "224.0.0.1", "tcp", "v1", "need", "'\u00fc'", "0x10", "1_000", "2026-01-01" };

	@TempDir
	private Path directory;

	@Test
	void startsOrSaysWhatIsWrong(CapturedOutput output) throws Exception {
		List<byte[]> corpus = Fuzz.corpus("configurations");
		for (byte[] configuration : corpus) {
			check(new String(configuration, StandardCharsets.UTF_8), output);
		}
		for (int i = 0; i < FILES; i++) {
			Random random = new Random(Fuzz.SEED + i);
			check(mutated(new String(corpus.get(random.nextInt(corpus.size())), StandardCharsets.UTF_8), random),
					output);
		}
	}

	/**
	 * Other values in some lines.
	 */
	private static String mutated(String configuration, Random random) {
		String[] lines = configuration.split("\n");
		for (int i = random.nextInt(3); i >= 0; i--) {
			int at = random.nextInt(lines.length);
			int colon = lines[at].indexOf(':');
			lines[at] = lines[at].substring(0, colon + 1) + " " + VALUES[random.nextInt(VALUES.length)];
		}
		return String.join("\n", lines) + "\n";
	}

	private void check(String configuration, CapturedOutput output) throws Exception {
		Path file = this.directory.resolve("fuzzed.yml");
		Files.writeString(file, configuration);
		int before = Logs.written(output).length();
		boolean started = false;
		try {
			new SpringApplicationBuilder(START ? SocketEchoApplication.class : Binding.class)
				.registerShutdownHook(false)
				.web(WebApplicationType.NONE)
				.run("--spring.config.additional-location=" + file, "--echo.event-loops=1")
				.close();
			started = true;
		}
		catch (Exception ex) {
			// Explained in the log
		}
		String log = Logs.written(output).substring(before);
		assertThat(log).as(configuration).doesNotContainPattern("(?m)^\\s+at ");
		assertThat(log.contains("APPLICATION FAILED TO START")).as(configuration + "\n" + log).isNotEqualTo(started);
	}

	@Configuration(proxyBeanMethods = false)
	@EnableConfigurationProperties(EchoProperties.class)
	static class Binding {

	}

}
