package dev.socketecho.soak;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.socketecho.app.Actuator;

/**
 * The packaged service in a process of its own, on free ports.
 */
final class Subject implements AutoCloseable {

	/** The name under which {@link #port} knows the HTTP port. */
	static final String HTTP = "http";

	private static final int START_SECONDS = 120;

	private static final Pattern LISTENS = Pattern
		.compile("Server '(\\S+)' listens: \\w+, address \\S+, port (\\d+)|Netty started on port (\\d+) \\((http)\\)");

	private final Process process;

	private final long begun = System.nanoTime();

	private final SubjectLog log = new SubjectLog();

	private final Map<String, Integer> ports = new ConcurrentHashMap<>();

	private final CountDownLatch started = new CountDownLatch(1);

	private Subject(Process process, Path log) {
		this.process = process;
		Thread.ofPlatform().daemon().name("service's log").start(() -> follow(log));
	}

	/**
	 * Starts the service and waits until it serves.
	 * @param settings what to start
	 * @param descriptors how many descriptors it may have, 0 for as many as this process
	 * @param log where its log goes
	 * @param properties of the service
	 * @param environment what its process has in its environment besides
	 */
	static Subject start(SoakSettings settings, int descriptors, Path log, List<String> properties,
			Map<String, String> environment) throws Exception {
		List<String> command = new ArrayList<>();
		if (descriptors > 0) {
			command.addAll(List.of("sh", "-c", "ulimit -n " + descriptors + " && exec \"$@\"", "sh"));
		}
		command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"@" + settings.options(), "-Xmx64m", "-XX:MaxDirectMemorySize=64m", "-jar", settings.jar().toString(),
				"--spring.profiles.active=free-ports", "--echo.transport=" + settings.transport()));
		properties.forEach((property) -> command.add("--" + property));
		ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
		builder.environment().putAll(environment);
		Subject subject = new Subject(builder.start(), log);
		if (!subject.started.await(START_SECONDS, TimeUnit.SECONDS) || !subject.ports.containsKey(HTTP)) {
			subject.close();
			throw new IllegalStateException("the service did not start; its log: " + log);
		}
		return subject;
	}

	int port(String server) {
		Integer port = this.ports.get(server);
		if (port == null) {
			throw new IllegalArgumentException("no server " + server);
		}
		return port;
	}

	Actuator actuator() {
		return new Actuator(port(HTTP));
	}

	SubjectLog log() {
		return this.log;
	}

	/**
	 * How long ago the process was started.
	 */
	Duration age() {
		return Duration.ofNanos(System.nanoTime() - this.begun);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	ProcessFigures figures() throws IOException {
		return ProcessFigures.of(this.process.toHandle());
	}

	/**
	 * Sends SIGTERM and waits for the end.
	 * @return the exit code
	 */
	int terminate() throws InterruptedException {
		this.process.toHandle().destroy();
		if (!this.process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
			throw new IllegalStateException("does not end");
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.toHandle().destroyForcibly();
	}

	private void follow(Path file) {
		try (BufferedReader lines = this.process.inputReader(); BufferedWriter out = Files.newBufferedWriter(file)) {
			for (String line = lines.readLine(); line != null; line = lines.readLine()) {
				out.append(line).append('\n').flush();
				this.log.add(line);
				Matcher listens = LISTENS.matcher(line);
				if (listens.find()) {
					boolean http = listens.group(1) == null;
					this.ports.put(listens.group(http ? 4 : 1), Integer.valueOf(listens.group(http ? 3 : 2)));
				}
				if (line.contains(": Started ")) {
					this.started.countDown();
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		finally {
			this.started.countDown();
		}
	}

}
