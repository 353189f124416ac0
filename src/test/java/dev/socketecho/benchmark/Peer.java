package dev.socketecho.benchmark;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A server to measure: any command that says on its output where it listens.
 *
 * @param name its name in the table
 * @param command starts it
 * @param ports by framing, the pattern of the output's line whose first group is the port
 */
record Peer(String name, List<String> command, Map<String, Pattern> ports) {

	/**
	 * The command of a class in this JVM's class path.
	 */
	static List<String> java(Class<?> main, String... arguments) {
		return java(Stream
			.concat(Stream.of("-cp", System.getProperty("java.class.path"), main.getName()), Stream.of(arguments))
			.toList());
	}

	/**
	 * The command of a JVM like this one.
	 */
	static List<String> java(List<String> arguments) {
		Stream<String> java = Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
		Stream<String> options = Stream.of(System.getProperty("benchmark.jvm", "").split(" "))
			.filter((option) -> !option.isEmpty());
		return Stream.of(java, options, arguments.stream()).flatMap((part) -> part).toList();
	}

}
