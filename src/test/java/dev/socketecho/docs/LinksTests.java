package dev.socketecho.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every link of the documents to a file, and to a heading of one, leads somewhere. Links
 * to other hosts are not followed.
 */
class LinksTests {

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

	static Stream<Path> documents() throws IOException {
		return Manual.documents().stream();
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everyLinkAndAnchorResolves(Path document) throws IOException {
		List<String> broken = new ArrayList<>();
		for (String link : links(document)) {
			int hash = link.indexOf('#');
			String file = (hash < 0) ? link : link.substring(0, hash);
			Path target = file.isEmpty() ? document : document.resolveSibling(file).normalize();
			if (!Files.exists(target) || (hash >= 0 && !anchors(target).contains(link.substring(hash + 1)))) {
				broken.add(link);
			}
		}
		assertThat(broken).isEmpty();
	}

	@Test
	void everyPageIsInTheIndex() throws IOException {
		Path index = Path.of("docs", "index.md").toAbsolutePath();
		try (Stream<Path> pages = Files.list(index.getParent())) {
			assertThat(links(index)).containsAll(pages.map((page) -> page.getFileName().toString())
				.filter((name) -> name.endsWith(".md") && !name.equals("index.md"))
				.toList());
		}
	}

	@Test
	void theReadmeIsShortAndSoIsEachPage() throws IOException {
		assertThat(Files.readAllLines(Path.of("README.md"))).hasSizeLessThanOrEqualTo(200);
		for (Path document : Manual.documents()) {
			assertThat(Files.readAllLines(document)).as(document.toString()).hasSizeLessThanOrEqualTo(400);
		}
	}

	private static List<String> links(Path document) throws IOException {
		return Manual.prose(Files.readAllLines(document))
			.stream()
			.flatMap((line) -> LINK.matcher(line.replaceAll("`[^`\\[\\]]*`", "")).results())
			.map((MatchResult link) -> link.group(1))
			.filter((link) -> !link.startsWith("http"))
			.toList();
	}

	/**
	 * What GitHub makes of headings: lower case, without punctuation, hyphens for blanks.
	 */
	private static List<String> anchors(Path document) throws IOException {
		return Manual.prose(Files.readAllLines(document))
			.stream()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("^#+ ", "")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-'))
			.toList();
	}

}
