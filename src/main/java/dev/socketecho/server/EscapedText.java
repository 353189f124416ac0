package dev.socketecho.server;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;

/**
 * Renders bytes that a peer sent as text for {@link PayloadLogger}: one line without
 * control characters, of limited length.
 */
final class EscapedText {

	private EscapedText() {
	}

	/**
	 * Renders bytes as UTF-8. The backslash and what is not printable are escaped as in
	 * Java source; what is not UTF-8 becomes U+FFFD.
	 * @param bytes the bytes; its indexes do not move, and it is not released
	 * @param limit how many bytes are rendered at most; the text ends with how many were
	 * left out
	 */
	static String of(ByteBuf bytes, int limit) {
		int shown = Math.min(bytes.readableBytes(), limit);
		StringBuilder text = new StringBuilder(shown + 32);
		bytes.toString(bytes.readerIndex(), shown, StandardCharsets.UTF_8)
			.codePoints()
			.forEach((codePoint) -> append(text, codePoint));
		if (shown < bytes.readableBytes()) {
			text.append("... (").append(bytes.readableBytes() - shown).append(" more bytes)");
		}
		return text.toString();
	}

	private static void append(StringBuilder text, int codePoint) {
		switch (codePoint) {
			case '\n' -> text.append("\\n");
			case '\r' -> text.append("\\r");
			case '\t' -> text.append("\\t");
			case '\\' -> text.append("\\\\");
			default -> {
				if (isPrintable(codePoint)) {
					text.appendCodePoint(codePoint);
				}
				else {
					for (char unit : Character.toChars(codePoint)) {
						text.append("\\u%04x".formatted((int) unit));
					}
				}
			}
		}
	}

	/**
	 * Excludes what ends a line or reorders it in a viewer: controls, line separators,
	 * and formats such as bidirectional overrides (CVE-2021-42574).
	 */
	private static boolean isPrintable(int codePoint) {
		return switch (Character.getType(codePoint)) {
			case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR,
					Character.SURROGATE, Character.UNASSIGNED ->
				false;
			default -> true;
		};
	}

}
