package dev.socketecho.config;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.socketecho.app.ServiceProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The language of the process changes nothing: not how errors are told apart, and not
 * what is printed. A Turkish {@code i} has no dot in upper case.
 */
@Execution(ExecutionMode.CONCURRENT)
class LocaleIT {

	@Test
	void servesInAnyLanguage() throws IOException {
		try (ServiceProcess service = ServiceProcess.start(List.of(), options("tr"),
				"echo.tcp.servers.line.framing=LINE", "echo.transport=NIO")) {
			assertThat(service.port("line")).isPositive();
			assertThat(service.actuator().get("prometheus").body())
				.contains("echo_connections_closed_total{reason=\"client_closed\"")
				.contains("echo_dropped_datagrams_total{reason=\"kernel_buffer\"");
		}
	}

	@Test
	void reasonsAreInEnglish() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), options("de"),
				"echo.tcp.servers.line.port=70000")) {
			assertThat(service.awaitExit()).isEqualTo(1);
			assertThat(service.output())
				.anyMatch((line) -> line.contains("Reason: must be less than or equal to 65535"));
		}
	}

	/**
	 * The operating system tells the JDK why binding failed, in its own language.
	 */
	@ParameterizedTest
	@CsvSource({ "de_DE, epoll", "de_DE, nio" })
	@EnabledOnOs(OS.LINUX)
	void errorsOfTheOperatingSystemAreKnownInItsLanguage(String locale, String transport, @TempDir Path locales)
			throws Exception {
		Path definition = Path.of("/usr/share/i18n/locales", locale);
		assumeTrue(Files.exists(definition) && Files.isExecutable(Path.of("/usr/bin/localedef")), "no locales");
		Process localedef = new ProcessBuilder("/usr/bin/localedef", "-i", locale, "-f", "UTF-8",
				locales.resolve(locale + ".UTF-8").toString())
			.redirectErrorStream(true)
			.start();
		assertThat(localedef.waitFor(30, TimeUnit.SECONDS)).isTrue();
		try (ServerSocket taken = new ServerSocket(0);
				ServiceProcess service = ServiceProcess.start(
						List.of("/usr/bin/env", "LOCPATH=" + locales, "LC_ALL=" + locale + ".UTF-8"),
						"echo.transport=" + transport, "echo.tcp.servers.line.port=" + taken.getLocalPort())) {
			assertThat(service.awaitExit()).isEqualTo(1);
			assertThat(service.output()).anyMatch((line) -> line.contains(": address_already_in_use"));
		}
	}

	private static List<String> options(String language) {
		return List.of("--enable-native-access=ALL-UNNAMED", "-Duser.language=" + language);
	}

}
