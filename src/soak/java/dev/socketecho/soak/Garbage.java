package dev.socketecho.soak;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/**
 * The bytes that hostile clients send.
 */
final class Garbage {

	/** The servers that accept any hostile client. */
	static final List<String> SERVERS = List.of("stream", "line", "message", "collect", "frames", "stx", "tls", "proxy",
			"limited", "idle", Subject.HTTP);

	private static final byte[] CLIENT_HELLO_BEGUN = { 22, 3, 1, 1, 0, 1, 0, 0, (byte) 0xfc, 3, 3 };

	private Garbage() {
	}

	/**
	 * The beginning of what a server expects.
	 */
	static byte[] begun(String server, Random random) {
		return switch (server) {
			case "frames" -> new byte[] { 0, 0, (byte) random.nextInt(256), 50, 'a', 'b', 'c' };
			case "stx" -> text("\2abcdef");
			case "tls" -> CLIENT_HELLO_BEGUN;
			case "proxy" -> random.nextBoolean() ? text("PROXY TCP4 192.0.2.1 ") : text("\r\n\r\n\0\r\nQUIT\n\41\21");
			case Subject.HTTP -> text(HTTP[random.nextInt(HTTP.length)]);
			default -> text("the beginning of");
		};
	}

	private static final String[] HTTP = { "GET /actuator/health HTTP/1.1\r\nHost: loc", "GET / HTTP/9.9\r\n\r\n",
			"POST /actuator/echo/none HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\n{\"mess",
			"GET /probe?target=%zz&module=%00 HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /probe?target=127.0.0.1:99999&module=tcp_echo HTTP/1.1\r\nHost: a\r\n\r\n",
			"GET /probe?target=[::1:7&module=udp_echo HTTP/1.1\r\nHost: a\r\n\r\n",
			"DELETE /actuator/connections/../../x HTTP/1.1\r\nHost: a\r\n\r\n" };

	private static byte[] text(String text) {
		return text.getBytes(StandardCharsets.ISO_8859_1);
	}

}
