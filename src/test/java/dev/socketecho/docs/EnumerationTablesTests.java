package dev.socketecho.docs;

import java.io.IOException;
import java.util.List;
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

	/** The line above the table of the reasons of datagrams. */
	private static final String DROPPED = "`echo_dropped_datagrams_total{reason}`:";

	@Test
	void everyFramingHasItsRow() throws IOException {
		assertThat(names("framings", "# Framings"))
			.containsExactlyInAnyOrderElementsOf(Stream.of(Framing.values()).map(Framing::value).toList());
	}

	@Test
	void everyReasonOfAConnectionHasItsRow() throws IOException {
		List<String> page = Manual.page("watching");
		int dropped = page.indexOf(DROPPED);
		assertThat(names(page.subList(0, dropped), "### Reasons"))
			.containsExactlyInAnyOrderElementsOf(Stream.of(CloseReason.values()).map(CloseReason::tag).toList());
	}

	@Test
	void everyReasonOfADatagramHasItsRow() throws IOException {
		assertThat(names(Manual.page("watching"), DROPPED))
			.containsExactlyInAnyOrderElementsOf(Stream.of(DropReason.values()).map(DropReason::tag).toList());
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
		return names(Manual.page(page), heading);
	}

	private static Set<String> names(List<String> page, String heading) {
		return Manual.rows(page, heading)
			.stream()
			.flatMap((row) -> CODE.matcher(row.get(0)).results())
			.map((MatchResult code) -> code.group(1))
			.filter((code) -> !code.equals("framing"))
			.collect(Collectors.toSet());
	}

}
