package dev.socketecho.transport.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Text to a WebSocket server is UTF-8; what is not fails the connection with 1007 (RFC
 * 6455, section 8.1). The numbers are those of the Autobahn test suite's cases, section
 * 6.
 */
class WebSocketUtf8Tests {

	private static final HexFormat HEX = HexFormat.of();

	private static final int RANDOM_TEXTS = 500;

	@AutoClose
	private static final TestServer server = TestServer.start(Framing.WEBSOCKET);

	/**
	 * Valid text comes back, and what is not is refused: in one frame, in a frame for
	 * each byte, and in a piece for each byte. The bytes are those of RFC 3629, section
	 * 3; the cases are Markus Kuhn's decoder stress test, as in the Autobahn test suite.
	 */
	@ParameterizedTest(name = "{0}: {1} is valid: {2}")
	@CsvSource({ "6.2 hello, 48656c6c6f2dc2b540c39fc3b6c3a4c3bcc3a0c3a12d5554462d382121, true",
			"6.3 in the middle, cebae1bdb9cf83cebcceb5eda080656469746564, false",
			"6.5.1 kosme, cebae1bdb9cf83cebcceb5, true", "6.6.1, ce, false", "6.6.2, ceba, true",
			"6.6.3, cebae1, false", "6.6.4, cebae1bd, false", "6.6.5, cebae1bdb9, true", "6.6.6, cebae1bdb9cf, false",
			"6.6.7, cebae1bdb9cf83, true", "6.6.8, cebae1bdb9cf83ce, false", "6.6.9, cebae1bdb9cf83cebc, true",
			"6.6.10, cebae1bdb9cf83cebcce, false", "6.6.11, cebae1bdb9cf83cebcceb5, true", "6.7.1 first, 00, true",
			"6.7.2 first, c280, true", "6.7.3 first, e0a080, true", "6.7.4 first, f0908080, true",
			"6.8.1 five bytes, f888808080, false", "6.8.2 six bytes, fc8480808080, false", "6.9.1 last, 7f, true",
			"6.9.2 last, dfbf, true", "6.9.3 last, efbfbf, true", "6.9.4 last, f48fbfbf, true",
			"6.10.1 beyond, f7bfbfbf, false", "6.10.2 beyond, fbbfbfbfbf, false", "6.10.3 beyond, fdbfbfbfbfbf, false",
			"6.11.1 before surrogates, ed9fbf, true", "6.11.2 after surrogates, ee8080, true",
			"6.11.3 replacement, efbfbd, true", "6.11.4 U+10FFFF, f48fbfbf, true", "6.11.5 U+110000, f4908080, false",
			"6.12.1 continuation, 80, false", "6.12.2 continuation, bf, false", "6.12.3 continuations, 80bf, false",
			"6.12.4, 80bf80, false", "6.12.5, 80bf80bf, false", "6.12.6, 80bf80bf80, false",
			"6.12.7, 80bf80bf80bf, false", "6.12.8 all, 808182838485868788898a8b8c8d8e8f909192939495969798, false",
			"6.13.1 start alone, c020c120c220c320df20, false", "6.13.2 start alone, e020e120ef20, false",
			"6.13.3 start alone, f020f120f720, false", "6.13.4 start alone, f820f920fb20, false",
			"6.13.5 start alone, fc20fd20, false", "6.14.1 last byte missing, c0, false",
			"6.14.2 last byte missing, e080, false", "6.14.3 last byte missing, f08080, false",
			"6.14.4 last byte missing, f8808080, false", "6.14.5 last byte missing, fc80808080, false",
			"6.14.6 last byte missing, df, false", "6.14.7 last byte missing, efbf, false",
			"6.14.8 last byte missing, f7bfbf, false", "6.14.9 last byte missing, fbbfbfbf, false",
			"6.14.10 last byte missing, fdbfbfbfbf, false",
			"6.15 all of them, c0e080f08080f8808080fc80808080dfefbff7bfbffbbfbfbffdbfbfbfbf, false",
			"6.16.1 impossible, fe, false", "6.16.2 impossible, ff, false", "6.16.3 impossible, fefeffff, false",
			"6.17.1 overlong slash, c0af, false", "6.17.2 overlong slash, e080af, false",
			"6.17.3 overlong slash, f08080af, false", "6.17.4 overlong slash, f8808080af, false",
			"6.17.5 overlong slash, fc80808080af, false", "6.18.1 overlong, c1bf, false",
			"6.18.2 overlong, e09fbf, false", "6.18.3 overlong, f08fbfbf, false", "6.18.4 overlong, f887bfbfbf, false",
			"6.18.5 overlong, fc83bfbfbfbf, false", "6.19.1 overlong NUL, c080, false",
			"6.19.2 overlong NUL, e08080, false", "6.19.3 overlong NUL, f0808080, false",
			"6.19.4 overlong NUL, f880808080, false", "6.19.5 overlong NUL, fc8080808080, false",
			"6.20.1 surrogate, eda080, false", "6.20.2 surrogate, edadbf, false", "6.20.3 surrogate, edae80, false",
			"6.20.4 surrogate, edafbf, false", "6.20.5 surrogate, edb080, false", "6.20.6 surrogate, edbe80, false",
			"6.20.7 surrogate, edbfbf, false", "6.21.1 two surrogates, eda080edb080, false",
			"6.21.2 two surrogates, eda080edbfbf, false", "6.21.3 two surrogates, edadbfedb080, false",
			"6.21.4 two surrogates, edadbfedbfbf, false", "6.21.5 two surrogates, edae80edb080, false",
			"6.21.6 two surrogates, edae80edbfbf, false", "6.21.7 two surrogates, edafbfedb080, false",
			"6.21.8 two surrogates, edafbfedbfbf, false", "6.22.1 no character, efbfbe, true",
			"6.22.2 no character, efbfbf, true", "6.22.3 no character, f09fbfbe, true",
			"6.22.4 no character, f09fbfbf, true", "6.22.17 no character, f3bfbfbe, true",
			"6.22.33 no character, f48fbfbe, true", "6.22.34 no character, f48fbfbf, true",
			"6.23.1 specials, efbfb9, true", "6.23.5 specials, efbfbd, true", "6.23.7 specials, f0908080, true" })
	void textIsUtf8(String name, String hex, boolean valid) {
		byte[] text = HEX.parseHex(hex);
		expect(valid, text, Sending.AT_ONCE, Frame.of(Frame.TEXT, text));
		expect(valid, text, Sending.BY_BYTE, Frame.of(Frame.TEXT, text));
		expect(valid, text, Sending.BY_FRAME, Frame.fragments(Frame.TEXT, text, 1));
	}

	private static void expect(boolean valid, byte[] text, Sending sending, Frame... frames) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(sending, frames);
			if (valid) {
				client.expect(Frame.TEXT, text).expectNothing();
			}
			else {
				client.expectClosed(1007);
			}
		}
	}

	/**
	 * 6.1. Empty text, whole and in fragments.
	 */
	@Test
	void emptyTextIsText() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.text(""))
				.expectText("")
				.send(Frame.text("").more(), Frame.continuation("").more(), Frame.continuation(""))
				.expectText("")
				.send(Frame.text("").more(), Frame.continuation("middle").more(), Frame.continuation(""))
				.expectText("middle")
				.expectNothing();
		}
	}

	/**
	 * 6.2.2 to 6.2.4. A fragment may end within a character.
	 */
	@Test
	void charactersMayBeInTwoFragments() {
		byte[] text = "Hello-µ@ßöäüàá-UTF-8!! 😀".getBytes(StandardCharsets.UTF_8);
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			for (int size = 1; size <= text.length; size++) {
				client.send(Frame.fragments(Frame.TEXT, text, size)).expect(Frame.TEXT, text);
			}
			client.expectNothing();
		}
	}

	/**
	 * A message begins anew: what the last one has ended with means nothing.
	 */
	@Test
	void messagesBeginAnew() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.binary((byte) 0xCE), Frame.text("text"), Frame.binary((byte) 0xFF))
				.expect(Frame.BINARY, new byte[] { (byte) 0xCE })
				.expectText("text")
				.expect(Frame.BINARY, new byte[] { (byte) 0xFF })
				.expectNothing();
		}
	}

	/**
	 * 6.4. The connection fails at the fragment that is wrong, although the message has
	 * not ended: the last fragment is never sent.
	 */
	@ParameterizedTest
	@CsvSource({ "cebae1bdb9cf83cebcceb5, f4908080", "cebae1bdb9cf83cebcceb5f4, 90", "cebae1bdb9cf83ce, 65", "ed, a0",
			"656469746564, ff" })
	void wrongTextFailsBeforeTheMessageEnds(String first, String second) {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(Frame.TEXT, HEX.parseHex(first)).more(), Frame.ping("still right"))
				.expectPong("still right")
				.send(Frame.of(Frame.CONTINUATION, HEX.parseHex(second)).more())
				.expectClosed(1007);
		}
	}

	/**
	 * 6.22 and 6.23, and all others: every character comes back, also those that are none
	 * (U+FFFE and the like). Surrogates are not characters.
	 */
	@Test
	void everyCharacterComesBack() {
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			for (int plane = 0; plane <= Character.MAX_CODE_POINT >> 16; plane++) {
				int[] characters = IntStream.range(plane << 16, (plane + 1) << 16)
					.filter((character) -> character < Character.MIN_SURROGATE || character > Character.MAX_SURROGATE)
					.toArray();
				String text = new String(characters, 0, characters.length);
				client.send(Frame.text(text)).expectText(text);
			}
			client.expectNothing();
		}
	}

	/**
	 * Bytes that are nearly UTF-8, in fragments: the JDK's decoder says if they are.
	 */
	@Test
	void bytesAreTextIfTheJdkCanDecodeThem() {
		Random random = new Random(6455);
		int valid = 0;
		for (int i = 0; i < RANDOM_TEXTS; i++) {
			byte[] text = nearlyUtf8(random);
			Frame[] frames = Frame.fragments(Frame.TEXT, text, 1 + random.nextInt(text.length));
			valid += isUtf8(text) ? 1 : 0;
			expect(isUtf8(text), text, Sending.AT_ONCE, frames);
		}
		assertThat(valid).isBetween(RANDOM_TEXTS / 10, RANDOM_TEXTS * 9 / 10);
	}

	/**
	 * Some characters of all lengths. In half of all cases a byte is changed.
	 */
	private static byte[] nearlyUtf8(Random random) {
		StringBuilder text = new StringBuilder();
		for (int i = random.nextInt(6); i >= 0; i--) {
			int bits = 7 + random.nextInt(14);
			text.appendCodePoint(Math.min(random.nextInt(1 << bits), Character.MAX_CODE_POINT));
		}
		byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
		if (random.nextBoolean()) {
			bytes[random.nextInt(bytes.length)] = (byte) (0x80 + random.nextInt(128));
		}
		return bytes;
	}

	private static boolean isUtf8(byte[] bytes) {
		try {
			StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
			return true;
		}
		catch (CharacterCodingException ex) {
			return false;
		}
	}

	/**
	 * Binary messages may hold anything, also where text would be wrong.
	 */
	@Test
	void binaryMessagesAreNotText() {
		byte[] all = new byte[256];
		for (int i = 0; i < all.length; i++) {
			all[i] = (byte) i;
		}
		try (WebSocketTestClient client = WebSocketTestClient.open(server)) {
			client.send(Frame.of(Frame.BINARY, all))
				.expect(Frame.BINARY, all)
				.send(Frame.fragments(Frame.BINARY, all, 7))
				.expect(Frame.BINARY, all)
				.expectNothing();
		}
	}

}
