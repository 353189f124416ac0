package dev.socketecho.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One row of the closing table: what was checked, the result, and whether it passed.
 */
final class Verdict {

	private final List<String> rows = new ArrayList<>();

	private int failed;

	/**
	 * A figure that is only reported.
	 */
	void note(String what, String format, Object... found) {
		row(what, String.format(Locale.ROOT, format, found), "");
	}

	void check(boolean passed, String what, String format, Object... found) {
		if (!passed) {
			this.failed++;
		}
		row(what, String.format(Locale.ROOT, format, found), passed ? "ok" : "FAILED");
	}

	void equal(String what, long expected, long found) {
		check(expected == found, what, "%,d = %,d", found, expected);
	}

	void atMost(String what, String unit, double bound, double found) {
		check(found <= bound, what, "%,.1f %s (at most %,.1f)", found, unit, bound);
	}

	private void row(String what, String found, String passed) {
		this.rows.add("| %s | %s | %s |".formatted(what, found, passed));
	}

	void print() {
		System.out.println();
		System.out.println("| what | found | |");
		System.out.println("|---|---|---|");
		this.rows.forEach(System.out::println);
		System.out.println();
	}

	int failed() {
		return this.failed;
	}

}
