package dev.socketecho.codec;

import java.util.ArrayList;
import java.util.List;

/**
 * The ways in which a peer's bytes may be split into reads.
 */
final class Segmentations {

	private Segmentations() {
	}

	/**
	 * Returns the pieces in which a text may arrive: all at once, byte by byte, split
	 * once anywhere, and split twice anywhere.
	 */
	static List<List<String>> of(String text) {
		List<List<String>> all = new ArrayList<>();
		all.add(List.of(text));
		all.add(text.chars().mapToObj((unit) -> String.valueOf((char) unit)).toList());
		for (int first = 1; first < text.length(); first++) {
			all.add(List.of(text.substring(0, first), text.substring(first)));
			for (int second = first + 1; second < text.length(); second++) {
				all.add(List.of(text.substring(0, first), text.substring(first, second), text.substring(second)));
			}
		}
		return all;
	}

}
