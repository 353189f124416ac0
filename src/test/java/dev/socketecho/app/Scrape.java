package dev.socketecho.app;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One scrape in Prometheus' text format.
 *
 * @param samples values by series: the name, and the labels in alphabetical order
 * @param types types by family name
 */
public record Scrape(Map<String, Double> samples, Map<String, String> types) {

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

	static Scrape parse(String text) {
		Map<String, Double> samples = new TreeMap<>();
		Map<String, String> types = new HashMap<>();
		for (String line : text.lines().toList()) {
			if (line.startsWith("# TYPE ")) {
				String[] words = line.split(" ");
				types.put(words[2], words[3]);
			}
			else if (!line.startsWith("#")) {
				int end = line.lastIndexOf(' ');
				samples.put(canonical(line.substring(0, end)), Double.valueOf(line.substring(end + 1)));
			}
		}
		return new Scrape(samples, types);
	}

	/**
	 * The value of a series.
	 * @param series such as
	 * {@code echo_connections_active{server="line",transport="tcp"}}
	 */
	public double value(String series) {
		Double value = this.samples.get(canonical(series));
		if (value == null) {
			throw new AssertionError("no series " + series + " among "
					+ this.samples.keySet()
						.stream()
						.filter((name) -> name.startsWith(series.replaceFirst("\\{.*", "")))
						.toList());
		}
		return value;
	}

	/**
	 * The value of a TCP server's series.
	 * @param labels further labels, such as {@code reason="operator"}; may be empty
	 */
	public double value(String name, String server, String labels) {
		return value(
				"%s{%s%sserver=\"%s\",transport=\"tcp\"}".formatted(name, labels, labels.isEmpty() ? "" : ",", server));
	}

	private static String canonical(String series) {
		int brace = series.indexOf('{');
		if (brace < 0) {
			return series;
		}
		Map<String, String> labels = new TreeMap<>();
		Matcher matcher = LABEL.matcher(series.substring(brace));
		while (matcher.find()) {
			labels.put(matcher.group(1), matcher.group(2));
		}
		return series.substring(0, brace) + labels;
	}

}
