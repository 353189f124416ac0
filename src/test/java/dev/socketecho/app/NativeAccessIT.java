package dev.socketecho.app;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A JVM that denies native access: the service does without, or says that it cannot.
 */
@Execution(ExecutionMode.CONCURRENT)
class NativeAccessIT {

	private static final List<String> DENIED = List.of("--illegal-native-access=deny");

	@Test
	void servesWithoutNativeAccess() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), DENIED);
				Socket socket = new Socket("127.0.0.1", service.port("line"))) {
			socket.setSoTimeout(10_000);
			socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
			assertThat(socket.getInputStream().readNBytes(6)).asString(StandardCharsets.US_ASCII).isEqualTo("hello\n");
			assertThat(service.output()).noneMatch((line) -> line.startsWith("\tat ") || line.contains(" ERROR "));
		}
	}

	@Test
	void transportThatNeedsItDoesNotStart() throws Exception {
		try (ServiceProcess service = ServiceProcess.start(List.of(), DENIED, "echo.transport=epoll")) {
			assertThat(service.awaitExit()).isEqualTo(1);
			assertThat(service.output())
				.anyMatch((line) -> line.contains("transport epoll is not available: Illegal native access"))
				.noneMatch((line) -> line.startsWith("\tat "));
		}
	}

}
