package dev.socketecho.metrics;

import java.io.IOException;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.docs.Manual;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference in {@code docs/watching.md} has every meter of the catalogue, and no
 * document names a meter that is not in the catalogue.
 */
class MeterReferenceTests {

	private static final Pattern SERIES = Pattern.compile("\\becho_[a-z_]+[a-z]\\b(?!\\*)");

	private static final Pattern SUFFIX = Pattern.compile("(_seconds)?(_total|_max|_count|_sum|_bucket)?");

	@Test
	void everyMeterIsInTheReference() throws IOException {
		Set<String> documented = names(String.join("\n", Manual.page("watching"))).collect(Collectors.toSet());
		assertThat(EchoMeter.values()).allMatch((meter) -> documented.stream().anyMatch(shows(meter)));
	}

	@Test
	void everyDocumentedMeterExists() throws IOException {
		assertThat(names(Manual.everything())).isNotEmpty()
			.allMatch((name) -> Stream.of(EchoMeter.values()).anyMatch((meter) -> shows(meter).test(name)));
	}

	private static Stream<String> names(String text) {
		return SERIES.matcher(text).results().map(MatchResult::group).distinct();
	}

	/**
	 * Tells whether a name is what Prometheus shows of a meter, with the suffixes of
	 * units, counters and histograms.
	 */
	private static Predicate<String> shows(EchoMeter meter) {
		String series = meter.meterName().replace('.', '_');
		return (name) -> name.startsWith(series) && SUFFIX.matcher(name.substring(series.length())).matches();
	}

}
