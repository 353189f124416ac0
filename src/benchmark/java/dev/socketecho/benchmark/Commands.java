package dev.socketecho.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Command lines: of JVMs, of programs on this machine, and of programs whose source lies
 * beside the benchmark.
 */
final class Commands {

	private static final String CLIENT_HEADER = "measure.h";

	private Commands() {
	}

	/**
	 * The command of a class in this JVM's class path.
	 */
	static List<String> java(Class<?> main, String... arguments) {
		return java(Stream
			.concat(Stream.of("-cp", System.getProperty("java.class.path"), main.getName()), Stream.of(arguments))
			.toList());
	}

	/**
	 * The command of a JVM like this one, with the options of the image. It is told of
	 * the one processor that it gets.
	 */
	static List<String> java(List<String> arguments) {
		Stream<String> java = Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"@" + System.getProperty("benchmark.options", "container/jvm.options"), "-XX:ActiveProcessorCount=1");
		Stream<String> options = Stream.of(System.getProperty("benchmark.jvm", "").split(" "))
			.filter((option) -> !option.isEmpty());
		return Stream.of(java, options, arguments.stream()).flatMap((part) -> part).toList();
	}

	/**
	 * Where a program is, {@code null} if this machine does not have it.
	 */
	static @Nullable Path find(String program) {
		return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/sbin"))
			.map((directory) -> Path.of(directory, program))
			.filter(Files::isExecutable)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Compiles a C program.
	 * @return the program, {@code null} if there is no compiler
	 */
	static @Nullable Path compileC(String source) throws IOException, InterruptedException {
		Path compiler = find("gcc");
		return (compiler != null) ? compile(source, List.of(compiler.toString(), "-O2", "-o")) : null;
	}

	/**
	 * Compiles a Go program.
	 * @return the program, {@code null} if there is no compiler
	 */
	static @Nullable Path compileGo(String source) throws IOException, InterruptedException {
		Path compiler = find("go");
		return (compiler != null) ? compile(source, List.of(compiler.toString(), "build", "-o")) : null;
	}

	private static Path compile(String source, List<String> compiler) throws IOException, InterruptedException {
		Path work = work();
		Path copy = work.resolve(source);
		copy(source, copy);
		copy(CLIENT_HEADER, work.resolve(CLIENT_HEADER));
		Path program = work.resolve(source.substring(0, source.indexOf('.')));
		ProcessBuilder builder = new ProcessBuilder(
				Stream.concat(compiler.stream(), Stream.of(program.toString(), copy.toString())).toList());
		builder.environment().put("GOCACHE", work.resolve("go-cache").toString());
		if (builder.inheritIO().start().waitFor() != 0) {
			throw new IOException(source + " does not compile");
		}
		return program;
	}

	private static void copy(String source, Path target) throws IOException {
		try (InputStream in = Commands.class.getResourceAsStream("/benchmark/" + source)) {
			Files.copy(Objects.requireNonNull(in, source), target, StandardCopyOption.REPLACE_EXISTING);
		}
	}

	/**
	 * Where the benchmark's files are.
	 */
	static Path work() throws IOException {
		return Files
			.createDirectories(Path.of(System.getProperty("benchmark.work", "target/benchmark")).toAbsolutePath());
	}

}
