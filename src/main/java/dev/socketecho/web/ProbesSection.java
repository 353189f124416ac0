package dev.socketecho.web;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * The probes: the state of their targets, and their last rounds.
 */
public final class ProbesSection implements StatusReport.Section {

	private static final String ROUNDS = "rounds";

	private final List<Probe> probes;

	/**
	 * Creates a section.
	 * @param probes the probes, in the order in which they are shown
	 */
	public ProbesSection(List<Probe> probes) {
		this.probes = List.copyOf(probes);
	}

	@Override
	public String name() {
		return "probes";
	}

	@Override
	public List<Map<String, Object>> read(long nanos) {
		return this.probes.stream().map(ProbesSection::read).toList();
	}

	private static Map<String, Object> read(Probe probe) {
		Map<String, Object> entry = new LinkedHashMap<>();
		entry.put(KEY, probe.name());
		entry.put("name", probe.name());
		Health health = Objects.requireNonNull(probe.health().health());
		entry.put("status", health.getStatus().getCode());
		entry.putAll(health.getDetails());
		ProbeHistory.Summary summary = probe.history().summary();
		put(entry, "loss", summary.loss());
		put(entry, "medianMicros", summary.medianMicros());
		put(entry, "p99Micros", summary.p99Micros());
		put(entry, "jitterMicros", summary.jitterMicros());
		entry.put(ROUNDS, summary.rounds());
		return entry;
	}

	private static void put(Map<String, Object> entry, String name, @Nullable Object value) {
		if (value != null) {
			entry.put(name, value);
		}
	}

	/**
	 * Leaves the rounds out that the viewer has.
	 */
	@Override
	public Map<String, Object> change(Map<String, Object> old, Map<String, Object> now) {
		List<ProbeHistory.Round> had = rounds(old);
		long last = had.isEmpty() ? -1 : had.getLast().id();
		Map<String, Object> change = new LinkedHashMap<>(now);
		change.put(ROUNDS, rounds(now).stream().filter((round) -> round.id() > last).toList());
		return change;
	}

	private static List<ProbeHistory.Round> rounds(Map<String, Object> entry) {
		return ((List<?>) Objects.requireNonNull(entry.get(ROUNDS))).stream()
			.map(ProbeHistory.Round.class::cast)
			.toList();
	}

	/**
	 * A probe.
	 *
	 * @param name its name
	 * @param health the state of its target
	 * @param history its last rounds
	 */
	public record Probe(String name, HealthIndicator health, ProbeHistory history) {
	}

}
