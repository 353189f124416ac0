package dev.socketecho.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The documents that the tests of the manual read: the README, the pages of
 * {@code docs/}, and the other Markdown files of the project.
 */
public final class Manual {

	private static final Path ROOT = Path.of("").toAbsolutePath();

	private Manual() {
	}

	static List<Path> documents() throws IOException {
		try (Stream<Path> top = Files.list(ROOT);
				Stream<Path> pages = Files.list(ROOT.resolve("docs"));
				Stream<Path> chart = Files.walk(ROOT.resolve("helm"))) {
			return Stream.of(top, pages, chart)
				.flatMap((files) -> files)
				.filter((file) -> file.toString().endsWith(".md"))
				.sorted()
				.toList();
		}
	}

	/**
	 * The text of the README and of every page.
	 */
	public static String everything() throws IOException {
		StringBuilder text = new StringBuilder();
		for (Path document : documents()) {
			text.append(Files.readString(document)).append('\n');
		}
		return text.toString();
	}

	/**
	 * The lines of a page, such as {@code configuration}.
	 */
	public static List<String> page(String name) throws IOException {
		return Files.readAllLines(ROOT.resolve("docs").resolve(name + ".md"));
	}

	/**
	 * The lines outside of fenced blocks.
	 */
	static List<String> prose(List<String> lines) {
		return lines.stream().filter(new Predicate<>() {

			private boolean fenced;

			@Override
			public boolean test(String line) {
				boolean fence = line.stripLeading().startsWith("```");
				this.fenced ^= fence;
				return !fence && !this.fenced;
			}

		}).toList();
	}

	/**
	 * The table rows below a heading, up to the next heading, without the table's head.
	 */
	public static List<List<String>> rows(List<String> page, String heading) {
		int start = page.indexOf(heading);
		if (start < 0) {
			throw new IllegalArgumentException("No heading '" + heading + "'");
		}
		return page.subList(start + 1, page.size())
			.stream()
			.takeWhile((line) -> !line.startsWith("#"))
			.filter((line) -> line.startsWith("| `"))
			.map((line) -> Stream.of(line.substring(1).split("\\|")).map(String::strip).toList())
			.toList();
	}

}
