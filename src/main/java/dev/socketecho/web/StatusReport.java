package dev.socketecho.web;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads everything that the page shows, and finds out what has changed since it was read
 * before. Used on one thread.
 */
public final class StatusReport {

	private final Map<String, Object> service;

	private final List<Section> sections;

	private final FailureLog failures;

	private final Supplier<@Nullable Object> load;

	private final Map<String, Map<String, Object>> before = new HashMap<>();

	private List<FailureLog.Entry> failuresBefore = List.of();

	private @Nullable Object loadBefore;

	private long sequence;

	/**
	 * Creates a report.
	 * @param service what never changes: the service's name and version, when it was
	 * started, and which endpoints the page may use
	 * @param sections servers, clients and probes
	 * @param failures the last failures
	 * @param load reads the load runs; {@code null} where there are none
	 */
	public StatusReport(Map<String, Object> service, List<Section> sections, FailureLog failures,
			Supplier<@Nullable Object> load) {
		this.service = Map.copyOf(service);
		this.sections = List.copyOf(sections);
		this.failures = failures;
		this.load = load;
	}

	/**
	 * Reads everything.
	 * @return what is shown now
	 */
	Tick next() {
		Map<String, Object> whole = new LinkedHashMap<>(this.service);
		Map<String, Object> changes = new LinkedHashMap<>();
		whole.put("whole", true);
		long now = System.nanoTime();
		for (Section section : this.sections) {
			List<Map<String, Object>> entries = section.read(now);
			whole.put(section.name(), entries);
			List<Map<String, Object>> changed = new ArrayList<>();
			for (Map<String, Object> entry : entries) {
				String key = section.name() + '/' + entry.get(Section.KEY);
				Map<String, Object> old = this.before.put(key, entry);
				if (!entry.equals(old)) {
					changed.add((old != null) ? section.change(old, entry) : entry);
				}
			}
			if (!changed.isEmpty()) {
				changes.put(section.name(), changed);
			}
		}
		List<FailureLog.Entry> latest = this.failures.latest();
		whole.put("failures", latest);
		if (!latest.equals(this.failuresBefore)) {
			changes.put("failures", latest);
			this.failuresBefore = latest;
		}
		Object runs = this.load.get();
		if (runs != null) {
			whole.put("load", runs);
			if (!runs.equals(this.loadBefore)) {
				changes.put("load", runs);
				this.loadBefore = runs;
			}
		}
		return new Tick(this.sequence++, whole, changes);
	}

	/**
	 * Servers, clients or probes.
	 */
	public interface Section {

		/** The name of an entry's key, which no other entry of the section has. */
		String KEY = "key";

		/**
		 * Returns the section's name.
		 * @return the name in JSON
		 */
		String name();

		/**
		 * Reads all entries.
		 * @param nanos the time, by {@link System#nanoTime()}
		 * @return always the same entries, in the same order; they do not change later
		 */
		List<Map<String, Object>> read(long nanos);

		/**
		 * Returns what a viewer needs who has the entry as it was before.
		 * @param old the entry as it was
		 * @param now the entry as it is
		 * @return a replacement of the entry
		 */
		default Map<String, Object> change(Map<String, Object> old, Map<String, Object> now) {
			return now;
		}

	}

	/**
	 * What is shown at a time. Thread-safe: it is written as JSON when the first viewer
	 * needs it, for all of them.
	 */
	static final class Tick {

		private final long sequence;

		private final Supplier<byte[]> whole;

		private final Supplier<byte[]> changes;

		Tick(long sequence, Map<String, Object> whole, Map<String, Object> changes) {
			this.sequence = sequence;
			this.whole = new Event(whole);
			this.changes = new Event(changes);
		}

		/**
		 * Counts what was read: a viewer who has the tick before needs the changes only.
		 */
		long sequence() {
			return this.sequence;
		}

		byte[] whole() {
			return this.whole.get();
		}

		byte[] changes() {
			return this.changes.get();
		}

	}

	/**
	 * A server-sent event. JSON has no line break in it, which would end the event.
	 */
	private static final class Event implements Supplier<byte[]> {

		private @Nullable Map<String, Object> content;

		private byte @Nullable [] bytes;

		Event(Map<String, Object> content) {
			this.content = content;
		}

		@Override
		public synchronized byte[] get() {
			byte[] written = this.bytes;
			if (written == null) {
				String json = JsonMapper.shared().writeValueAsString(Objects.requireNonNull(this.content));
				written = ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
				this.bytes = written;
				this.content = null;
			}
			return written;
		}

	}

}
