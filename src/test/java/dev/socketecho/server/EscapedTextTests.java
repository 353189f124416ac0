package dev.socketecho.server;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link EscapedText}.
 */
class EscapedTextTests {

	private static final int NO_LIMIT = 1000;

	@Test
	void leavesPrintableTextAsItIs() {
		String text = "This is a test<EOF> \"quoted\" gr\u00fc\u00df \u65e5\u672c \ud83d\ude00";
		assertThat(escaped(text, NO_LIMIT)).isEqualTo(text);
	}

	@Test
	void escapesControls() {
		assertThat(escaped("a\nb\rc\td\0e\u001bf\u007fg\u0085h", NO_LIMIT))
			.isEqualTo("a\\nb\\rc\\td\\u0000e\\u001bf\\u007fg\\u0085h");
	}

	@Test
	void escapesBackslash() {
		assertThat(escaped("\\n", NO_LIMIT)).isEqualTo("\\\\n");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f,
			0x061c, 0x200b, 0xfeff, 0x2028, 0x2029, 0x00ad })
	void escapesWhatRearrangesOrEndsLines(int codePoint) {
		assertThat(escaped("a" + Character.toString(codePoint) + "b", NO_LIMIT))
			.isEqualTo("a\\u%04xb".formatted(codePoint));
	}

	@Test
	void escapesInvisibleTagsAboveTheBasicPlane() {
		assertThat(escaped(Character.toString(0xe0041), NO_LIMIT)).isEqualTo("\\udb40\\udc41");
	}

	@Test
	void replacesWhatIsNotUtf8() {
		assertThat(EscapedText.of(Unpooled.wrappedBuffer(new byte[] { 'a', (byte) 0xff, 'b' }), NO_LIMIT))
			.isEqualTo("a\ufffdb");
	}

	@Test
	void cutsAfterTheLimitAndSaysHowMuchIsMissing() {
		assertThat(escaped("0123456789", 4)).isEqualTo("0123... (6 more bytes)");
		assertThat(escaped("0123456789", 9)).isEqualTo("012345678... (1 more bytes)");
		assertThat(escaped("0123456789", 10)).isEqualTo("0123456789");
	}

	@Test
	void cutsInTheMiddleOfCharacter() {
		assertThat(escaped("a\u00fcb", 2)).isEqualTo("a\ufffd... (2 more bytes)");
		assertThat(escaped("a\ud83d\ude00b", 4)).isEqualTo("a\ufffd... (2 more bytes)");
		assertThat(escaped("a\u00fcb", 3)).isEqualTo("a\u00fc... (1 more bytes)");
	}

	@Test
	void showsNothingWithLimitOfZero() {
		assertThat(escaped("0123456789", 0)).isEqualTo("... (10 more bytes)");
		assertThat(escaped("", 0)).isEmpty();
	}

	@Test
	void isOneLineWhateverTheBytes() {
		byte[] all = new byte[256 * 2];
		for (int i = 0; i < all.length; i++) {
			all[i] = (byte) i;
		}
		String escaped = EscapedText.of(Unpooled.wrappedBuffer(all), NO_LIMIT);
		assertThat(escaped.lines()).hasSize(1);
		assertThat(escaped.chars().filter(Character::isISOControl)).isEmpty();
	}

	@Test
	void leavesTheBytesAlone() {
		ByteBuf bytes = Unpooled.copiedBuffer("xxhello", StandardCharsets.US_ASCII).skipBytes(2);
		assertThat(EscapedText.of(bytes, NO_LIMIT)).isEqualTo("hello");
		assertThat(bytes.readableBytes()).isEqualTo(5);
		assertThat(bytes.refCnt()).isOne();
		bytes.release();
	}

	private static String escaped(String text, int limit) {
		return EscapedText.of(Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8)), limit);
	}

}
