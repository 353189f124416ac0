package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/**
 * What a load's messages are in bytes, each way. Each buffer holds the messages that can
 * be under way at once, one after the other.
 *
 * @param outgoing what the client sends
 * @param expected what has to come back
 * @param outgoingBytes the bytes of a message that is sent
 * @param expectedBytes the bytes of a message that comes back
 * @param handshake what comes before the first message
 */
record Wire(ByteBuffer outgoing, ByteBuffer expected, int outgoingBytes, int expectedBytes, Handshake handshake) {

	/**
	 * The framing whose messages are WebSocket's.
	 */
	static final String WEB_SOCKET = "websocket";

	/**
	 * The framing whose messages are plain ones in TLS.
	 */
	static final String TLS = "tls";

	/**
	 * The bytes that servers with a framing take.
	 */
	static Wire of(String framing, Load load) {
		return switch (framing) {
			case WEB_SOCKET -> WebSocketWire.of(load, Boolean.getBoolean("benchmark.binary"));
			case TLS -> plain(load, TlsStream::handshake);
			default -> plain(load);
		};
	}

	/**
	 * Messages that come back byte for byte.
	 */
	static Wire plain(Load load) {
		return plain(load, (channel) -> channel);
	}

	private static Wire plain(Load load, Handshake handshake) {
		ByteBuffer messages = ByteBuffer.allocateDirect(load.bytes() * load.outstanding());
		for (int message = 0; message < load.outstanding(); message++) {
			messages.put(message(load, message));
		}
		messages.flip();
		return new Wire(messages, messages, load.bytes(), load.bytes(), handshake);
	}

	/**
	 * A message: letters, then CR LF.
	 * @param number which one it is of those that are under way
	 */
	static byte[] message(Load load, int number) {
		byte[] message = new byte[load.bytes()];
		for (int i = 0; i < message.length - 2; i++) {
			message[i] = (byte) ('a' + (number + i) % 26);
		}
		message[message.length - 2] = '\r';
		message[message.length - 1] = '\n';
		return message;
	}

	/**
	 * What comes before the first message of a connection.
	 */
	@FunctionalInterface
	interface Handshake {

		/**
		 * Performs it.
		 * @param channel in blocking mode
		 * @return what the messages go through
		 * @throws IOException if the server refuses
		 */
		ByteChannel perform(SocketChannel channel) throws IOException;

	}

}
