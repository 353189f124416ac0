package dev.socketecho.docs;

import java.io.IOException;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of framings, reasons and errors have every constant of their enumerations,
 * and nothing else.
 */
class EnumerationTablesTests {

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	@Test
	void everyFramingHasItsRow() throws IOException {
		assertThat(names("framings", "# Framings"))
			.containsExactlyInAnyOrderElementsOf(Stream.of(Framing.values()).map(Framing::value).toList());
	}

	@Test
	void everyReasonHasItsRow() throws IOException {
		Set<String> reasons = Stream
			.concat(Stream.of(CloseReason.values()).map(CloseReason::tag),
					Stream.of(DropReason.values()).map(DropReason::tag))
			.collect(Collectors.toSet());
		assertThat(names("watching", "### Reasons")).containsExactlyInAnyOrderElementsOf(reasons);
	}

	@Test
	void everyErrorHasItsRow() throws IOException {
		assertThat(names("troubleshooting", "## A client or a probe fails"))
			.containsExactlyInAnyOrderElementsOf(Stream.of(SocketError.values()).map(SocketError::tag).toList());
	}

	/**
	 * What the first columns below a heading have as code.
	 */
	private static Set<String> names(String page, String heading) throws IOException {
		return Manual.rows(Manual.page(page), heading)
			.stream()
			.flatMap((row) -> CODE.matcher(row.get(0)).results())
			.map((MatchResult code) -> code.group(1))
			.filter((code) -> !code.equals("framing"))
			.collect(Collectors.toSet());
	}

}
