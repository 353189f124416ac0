package dev.socketecho;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Asks the service in the same container whether it is ready. The image's health check
 * runs it, since the image has neither a shell nor an HTTP client:
 * {@code java -cp socket-echo.jar dev.socketecho.HealthCheck}. It uses the JDK only, so
 * that it starts fast.
 * <p>
 * The port is read from the environment: {@code MANAGEMENT_SERVER_PORT}, else
 * {@code SERVER_PORT}, else 8080; the address is {@code MANAGEMENT_SERVER_ADDRESS}, else
 * {@code SERVER_ADDRESS}, else the loopback address. An empty variable counts as not set,
 * as an empty port does for Spring Boot. The only argument, if any, is the path. The exit
 * code is 0 for status 200, else 1, with the reason on standard output, which Docker
 * stores.
 */
final class HealthCheck {

	/**
	 * For the connection and the answer together; less than the image's limit for a
	 * check.
	 */
	private static final int TIMEOUT_MILLIS = 2000;

	private static final String READINESS = "/actuator/health/readiness";

	private HealthCheck() {
	}

	/**
	 * Checks and ends the JVM.
	 * @param args none, or the path to ask
	 */
	public static void main(String[] args) {
		String path = (args.length > 0) ? args[0] : READINESS;
		int exitCode = 1;
		try {
			String status = status(target(System.getenv()), path);
			System.out.println(status);
			exitCode = status.matches("HTTP/1\\.1 200( .*)?") ? 0 : 1;
		}
		catch (IOException | IllegalArgumentException ex) {
			System.out.println(ex);
		}
		System.exit(exitCode);
	}

	/**
	 * Returns the address and port of Spring Boot's actuator.
	 * @param environment the environment variables
	 * @return the resolved address
	 * @throws NumberFormatException if the port is not a number
	 */
	static InetSocketAddress target(Map<String, String> environment) {
		String port = first(environment, "MANAGEMENT_SERVER_PORT", "SERVER_PORT");
		String address = first(environment, "MANAGEMENT_SERVER_ADDRESS", "SERVER_ADDRESS");
		return new InetSocketAddress((address != null) ? address : "127.0.0.1",
				(port != null) ? Integer.parseInt(port) : 8080);
	}

	private static @Nullable String first(Map<String, String> environment, String name, String otherName) {
		return Stream.of(name, otherName)
			.map((variable) -> environment.getOrDefault(variable, "").strip())
			.filter((value) -> !value.isEmpty())
			.findFirst()
			.orElse(null);
	}

	/**
	 * Sends a GET request.
	 * @param target where to connect
	 * @param path the path to ask
	 * @return the status line
	 * @throws IOException if there is no answer within the time limit
	 */
	static String status(InetSocketAddress target, String path) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(target, TIMEOUT_MILLIS / 2);
			socket.setSoTimeout(TIMEOUT_MILLIS / 2);
			String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
			socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
			String status = new BufferedReader(
					new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1))
				.readLine();
			if (status == null) {
				throw new IOException("no answer");
			}
			return status;
		}
	}

}
