package dev.socketecho.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import dev.socketecho.transport.websocket.WebSocketPeer;

/**
 * Sends WebSocket messages, one after the other, and compares each with its echo: whole
 * or in fragments with pings between them, some connections with compression.
 *
 * @param server what it calls
 * @param port where
 */
record HonestWebSocket(String server, int port) implements Honest {

	private static final int MOST_MESSAGES = 60;

	private static final int LONGEST = 20_000;

	private static final int FIN = 0x80;

	private static final int COMPRESSED = 0x40;

	private static final byte[] TAIL = { 0, 0, (byte) 0xff, (byte) 0xff };

	private static final int NORMAL_CLOSURE = 1000;

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException, DataFormatException {
		boolean compressing = random.nextInt(4) == 0;
		Inflater inflater = new Inflater(true);
		try (WebSocketPeer peer = new WebSocketPeer(this.port)) {
			tally.connections.increment();
			if (compressing) {
				peer.shakeHands("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits");
			}
			else {
				peer.shakeHands();
			}
			int messages = 1 + random.nextInt(MOST_MESSAGES);
			for (int i = 0; i < messages; i++) {
				byte[] message = new byte[random.nextInt((random.nextInt(10) == 0) ? LONGEST : 300)];
				random.nextBytes(message);
				tally.messages.increment();
				tally.bytes.add(message.length);
				long start = System.nanoTime();
				send(peer, message, compressing, random);
				WebSocketPeer.Frame echo = peer.read();
				if (echo == null || !echo.fin() || echo.opcode() != WebSocketPeer.BINARY
						|| !Arrays.equals(message, compressing ? inflated(inflater, echo, message.length) : echo.payload())) {
					throw new IOException("the echo differs from what was sent");
				}
				tally.answered(System.nanoTime() - start);
				Thread.sleep(Duration.ofMillis(random.nextInt(10)));
			}
			if (peer.send(WebSocketPeer.close(NORMAL_CLOSURE)).readClose() != NORMAL_CLOSURE) {
				throw new IOException("the close frame was not answered by its code");
			}
		}
		finally {
			inflater.end();
		}
	}

	private static void send(WebSocketPeer peer, byte[] message, boolean compressing, Random random)
			throws IOException {
		byte[] payload = compressing ? WebSocketPeer.deflated(message) : message;
		int first = WebSocketPeer.BINARY | (compressing ? COMPRESSED : 0);
		if (random.nextBoolean()) {
			peer.send(WebSocketPeer.frame(FIN | first, payload));
			return;
		}
		int cut = random.nextInt(payload.length + 1);
		peer.send(WebSocketPeer.frame(first, Arrays.copyOf(payload, cut)),
				WebSocketPeer.frame(WebSocketPeer.PING, "between"),
				WebSocketPeer.frame(FIN | WebSocketPeer.CONTINUATION, Arrays.copyOfRange(payload, cut, payload.length)));
		WebSocketPeer.Frame pong = peer.read();
		if (pong == null || pong.opcode() != WebSocketPeer.PONG || !pong.text().equals("between")) {
			throw new IOException("the ping was not answered");
		}
	}

	/**
	 * Inflates an echo.
	 */
	private static byte[] inflated(Inflater inflater, WebSocketPeer.Frame echo, int length) throws DataFormatException {
		byte[] input = Arrays.copyOf(echo.payload(), echo.payload().length + TAIL.length);
		System.arraycopy(TAIL, 0, input, echo.payload().length, TAIL.length);
		byte[] message = new byte[length + 1];
		inflater.setInput(input);
		int inflated = 0;
		while (!inflater.needsInput() && inflated < message.length) {
			int more = inflater.inflate(message, inflated, message.length - inflated);
			if (more == 0) {
				break;
			}
			inflated += more;
		}
		return Arrays.copyOf(message, inflated);
	}

}
