import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the AOT cache (JEP 514) of the service in a training run that does what the
 * service does in production. Then starts the service with the cache, to check it.
 *
 * <pre>
 * java AotTraining.java CACHE java @jvm.options -jar socket-echo.jar
 * </pre>
 *
 * The command must be the one that is used later: a cache belongs to a JVM, its
 * collector, its class path and the files on it.
 */
class AotTraining {

	private static final String[] PATHS = { "/actuator/health", "/actuator/health/liveness",
			"/actuator/health/readiness", "/actuator/prometheus", "/actuator/metrics", "/actuator/info",
			"/actuator/connections", "/actuator/echo", "/probe?module=training" };

	public static void main(String[] args) throws Exception {
		Path cache = Path.of(args[0]);
		List<String> command = List.of(args).subList(1, args.length);
		train(cache, command);
		verify(cache, command);
		System.out.printf("AOT cache: %,d bytes%n", Files.size(cache));
	}

	/**
	 * The optimizing compiler (level 4) does not take part. What it compiles in a training
	 * run it compiles at each start, on the processors that the start needs; it has the
	 * profiles of the training run either way.
	 */
	private static void train(Path cache, List<String> command) throws Exception {
		run(with(command, "-XX:AOTCacheOutput=" + cache, "-XX:TieredStopAtLevel=3"), (service) -> {
			for (int i = 0; i < 3; i++) {
				service.echoes("This is a test");
				for (String path : PATHS) {
					ok(service.get(path));
				}
				ok(service.post("/actuator/echo/training", "{\"message\":\"hello\"}"));
			}
		}, "--echo.tcp.clients.training.host=127.0.0.1", "--echo.tcp.clients.training.port={line}",
				"--echo.tcp.clients.training.framing=line", "--management.endpoint.echo.access=unrestricted",
				"--echo.probes.training.client=training",
				"--echo.probes.training-udp.transport=udp", "--echo.probes.training-udp.host=127.0.0.1",
				"--echo.probes.training-udp.port={datagram}", "--echo.probes.training-udp.interval=1s");
		if (!Files.exists(cache)) {
			throw new IllegalStateException("No AOT cache was made");
		}
	}

	private static void verify(Path cache, List<String> command) throws Exception {
		run(with(command, "-XX:AOTCache=" + cache, "-XX:AOTMode=on"), (service) -> service.echoes("This is a test"));
	}

	private static void ok(String answer) {
		if (!answer.startsWith("HTTP/1.1 200")) {
			throw new IllegalStateException(answer);
		}
	}

	/**
	 * Starts the service, uses it and ends it by SIGTERM, as operators do. A training run
	 * that ends when the context is refreshed would not open a port.
	 */
	private static void run(List<String> command, Use use, String... arguments) throws Exception {
		File log = File.createTempFile("service", ".log");
		try (Service service = new Service(log, command, arguments)) {
			service.awaitReady();
			use.use(service);
			Service.expect(Integer.toString(Service.TERMINATED), Integer.toString(service.terminate()));
		}
		catch (Exception ex) {
			Files.copy(log.toPath(), System.err);
			throw ex;
		}
		finally {
			Files.delete(log.toPath());
		}
	}

	/**
	 * Adds options behind those of the command, so that they win.
	 */
	private static List<String> with(List<String> command, String... options) {
		List<String> all = new ArrayList<>(command);
		all.addAll(all.indexOf("-jar"), List.of(options));
		return all;
	}

	@FunctionalInterface
	private interface Use {

		void use(Service service) throws Exception;

	}

}
