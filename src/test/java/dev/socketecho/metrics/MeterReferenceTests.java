package dev.socketecho.metrics;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.docs.Manual;
import io.micrometer.core.instrument.Meter;
import io.micrometer.prometheusmetrics.PrometheusNamingConvention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference in {@code docs/watching.md} has each meter of the catalogue once, by the
 * name that Prometheus shows. No document names a meter that is not in the catalogue.
 */
class MeterReferenceTests {

	private static final Pattern SERIES = Pattern.compile("\\becho_[a-z_]+[a-z]\\b(?!\\*)");

	private static final Pattern SUFFIX = Pattern.compile("(_max|_count|_sum|_bucket)?");

	@ParameterizedTest
	@EnumSource
	void everyMeterIsInTheReferenceOnce(EchoMeter meter) throws IOException {
		assertThat(rows()).filteredOn((row) -> names(row.getFirst()).anyMatch(prometheusName(meter)::equals))
			.hasSize(1);
	}

	@Test
	void everyDocumentedMeterExists() throws IOException {
		Set<String> existing = Stream.of(EchoMeter.values())
			.map(MeterReferenceTests::prometheusName)
			.collect(Collectors.toSet());
		assertThat(names(Manual.everything())).isNotEmpty()
			.allMatch((name) -> existing.stream()
				.anyMatch(
						(meter) -> name.startsWith(meter) && SUFFIX.matcher(name.substring(meter.length())).matches()));
	}

	private static List<List<String>> rows() throws IOException {
		List<String> page = Manual.page("watching");
		return Stream.of("### Servers", "### Clients", "### Probes", "### Load runs", "### Event loops")
			.flatMap((heading) -> Manual.rows(page, heading).stream())
			.toList();
	}

	private static Stream<String> names(String text) {
		return SERIES.matcher(text).results().map(MatchResult::group).distinct();
	}

	private static String prometheusName(EchoMeter meter) {
		Meter.Type type = meter.type();
		String unit = (type == Meter.Type.TIMER) ? "seconds" : meter.unit();
		String name = new PrometheusNamingConvention().name(meter.meterName(), type, unit);
		return (type == Meter.Type.COUNTER && !name.endsWith("_total")) ? name + "_total" : name;
	}

}
