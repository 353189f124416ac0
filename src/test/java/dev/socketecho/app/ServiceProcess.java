package dev.socketecho.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.testing.TestApplication;
import org.awaitility.Awaitility;

/**
 * The application in a process of its own, on free ports.
 */
public final class ServiceProcess implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(50);

	private static final Path JAR = Path.of("target", "socket-echo.jar");

	private final Process process;

	private final List<String> output = new CopyOnWriteArrayList<>();

	private final Thread reader;

	private ServiceProcess(Process process) {
		this.process = process;
		this.reader = Thread.ofPlatform().daemon().start(this::readOutput);
	}

	/**
	 * Starts the application.
	 * @param wrapper a command that runs the command after it; may be empty
	 * @param properties such as {@code echo.event-loops=1}
	 */
	public static ServiceProcess start(List<String> wrapper, String... properties) throws IOException {
		return start(wrapper, List.of("--enable-native-access=ALL-UNNAMED"), properties);
	}

	/**
	 * Starts the application in a JVM with further options.
	 * @param wrapper a command that runs the command after it; may be empty
	 * @param options of the JVM; native access is denied or granted by them
	 * @param properties such as {@code echo.event-loops=1}
	 */
	public static ServiceProcess start(List<String> wrapper, List<String> options, String... properties)
			throws IOException {
		List<String> command = new ArrayList<>(wrapper);
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
				"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--sun-misc-unsafe-memory-access=allow"));
		command.addAll(options);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), SocketEchoApplication.class.getName()));
		Stream.of(properties).map((property) -> "--" + property).forEach(command::add);
		command.add("--spring.profiles.active=" + TestApplication.FREE_PORTS);
		return new ServiceProcess(new ProcessBuilder(command).redirectErrorStream(true).start());
	}

	/**
	 * Starts the built jar, as the image does: configured by the environment only.
	 * @param environment variables in addition to those of this process
	 */
	public static ServiceProcess startJar(Map<String, String> environment) throws IOException {
		if (!Files.exists(JAR)) {
			throw new IllegalStateException(JAR + " is missing; build it with ./mvnw -DskipTests package");
		}
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-jar", JAR.toString());
		builder.environment().put("SPRING_PROFILES_ACTIVE", TestApplication.FREE_PORTS);
		builder.environment().putAll(environment);
		return new ServiceProcess(builder.redirectErrorStream(true).start());
	}

	/**
	 * The port on which a server listens, once it does.
	 */
	public int port(String server) {
		return awaitPort(Pattern.compile("Server '" + server + "' listens: \\w+, address \\S+, port (\\d+),"));
	}

	/**
	 * The application's HTTP side, once it is up.
	 */
	public Actuator actuator() {
		return new Actuator(httpPort());
	}

	/**
	 * The port of HTTP, once it is up.
	 */
	public int httpPort() {
		return awaitPort(Pattern.compile("Netty started on port (\\d+)"));
	}

	/**
	 * What the process has written so far, line by line.
	 */
	public List<String> output() {
		return List.copyOf(this.output);
	}

	/**
	 * Waits for the end of the process and of its output.
	 * @return the exit code
	 */
	public int awaitExit() throws InterruptedException {
		if (!this.process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS) || !this.reader.join(TIMEOUT)) {
			throw new AssertionError("still running: " + this.output);
		}
		return this.process.exitValue();
	}

	/**
	 * Sends SIGTERM.
	 */
	public void terminate() {
		// Process.destroy() would close the output, too
		this.process.toHandle().destroy();
	}

	/**
	 * Kills the process if it is still there.
	 */
	@Override
	public void close() {
		this.process.toHandle().destroyForcibly();
	}

	private int awaitPort(Pattern pattern) {
		return Awaitility.await().atMost(TIMEOUT).until(() -> find(pattern), (port) -> port != 0);
	}

	private int find(Pattern pattern) {
		for (String line : this.output) {
			Matcher matcher = pattern.matcher(line);
			if (matcher.find()) {
				return Integer.parseInt(matcher.group(1));
			}
		}
		if (!this.process.isAlive()) {
			throw new IllegalStateException("ended: " + this.output);
		}
		return 0;
	}

	private void readOutput() {
		try (BufferedReader lines = this.process.inputReader()) {
			lines.lines().forEach(this.output::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
