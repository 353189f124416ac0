package dev.socketecho.app;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of how the process ends when it cannot serve.
 */
@Execution(ExecutionMode.CONCURRENT)
class FailingProcessIT {

	@Test
	void endsWithoutStackTraceWhenAPortIsTaken() throws Exception {
		try (ServerSocket taken = new ServerSocket(0);
				ServiceProcess service = ServiceProcess.start(List.of(),
						"echo.tcp.servers.line.port=" + taken.getLocalPort())) {
			assertFails(service);
			assertThat(service.output()).anyMatch((line) -> line.contains("TCP server 'line' cannot listen")
					&& line.contains("port " + taken.getLocalPort() + ": address_already_in_use"));
		}
	}

	@Test
	void endsWithoutStackTraceWhenAPropertyIsInvalid() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), "echo.tcp.servers.line.port=70000")) {
			assertFails(service);
			assertThat(service.output()).anyMatch((line) -> line.contains("Property: echo.tcp.servers.line.port"))
				.anyMatch((line) -> line.contains("Value: \"70000\""));
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void endsWithoutStackTraceWhenAPortNeedsARightThatItHasNot() throws Exception {
		assumeTrue(firstUnprivilegedPort() > 777, "every port may be opened");
		try (ServiceProcess service = ServiceProcess.start(withoutRights(), "echo.tcp.servers.line.port=777")) {
			assertFails(service);
			assertThat(service.output())
				.anyMatch((line) -> line.contains("TCP server 'line' cannot listen")
						&& line.contains("port 777: permission_denied"))
				.anyMatch((line) -> line.contains("CAP_NET_BIND_SERVICE"));
		}
	}

	private static void assertFails(ServiceProcess service) throws InterruptedException {
		assertThat(service.awaitExit()).isEqualTo(1);
		assertThat(service.output()).contains("APPLICATION FAILED TO START")
			.noneMatch((line) -> line.startsWith("\tat "));
	}

	private static int firstUnprivilegedPort() throws IOException {
		Path setting = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");
		return Files.exists(setting) ? Integer.parseInt(Files.readAllLines(setting).getFirst()) : 1024;
	}

	/**
	 * Root keeps its identity, for the files' sake, and loses its capabilities.
	 */
	private static List<String> withoutRights() throws IOException {
		if (!"root".equals(System.getProperty("user.name"))) {
			return List.of();
		}
		Path setpriv = Path.of("/usr/bin/setpriv");
		assumeTrue(Files.isExecutable(setpriv), "root without setpriv");
		return List.of(setpriv.toString(), "--inh-caps=-all", "--bounding-set=-all");
	}

}
