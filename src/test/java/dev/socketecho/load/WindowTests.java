package dev.socketecho.load;

import java.util.Random;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The window of messages that are not settled, beside a map.
 */
class WindowTests {

	@Test
	void windowIsWhatAMapWouldBe() {
		Random random = new Random(17);
		Window window = new Window(1000);
		TreeMap<Long, Long> map = new TreeMap<>();
		long next = 0;
		for (int step = 0; step < 100_000; step++) {
			boolean mostlyFull = step / 10_000 % 2 == 0;
			if (random.nextInt(10) < (mostlyFull ? 7 : 3) && !window.isFull()) {
				map.put(next++, (long) step);
				window.add(step);
			}
			else if (!map.isEmpty()) {
				long sequence = window.head() + random.nextInt((int) (next - window.head()));
				assertThat(window.isOpen(sequence)).isEqualTo(map.containsKey(sequence));
				if (map.containsKey(sequence)) {
					assertThat(window.time(sequence)).isEqualTo(map.get(sequence));
					assertThat(window.settle(sequence)).isEqualTo(map.remove(sequence));
				}
			}
			assertThat(window.open()).isEqualTo(map.size());
			assertThat(window.tail()).isEqualTo(next);
			assertThat(window.head()).isEqualTo(map.isEmpty() ? next : map.firstKey());
			assertThat(window.isFull()).isEqualTo(next - window.head() >= 1000);
		}
		assertThat(window.isOpen(next)).isFalse();
		assertThat(window.isOpen(window.head() - 1)).isFalse();
	}

}
