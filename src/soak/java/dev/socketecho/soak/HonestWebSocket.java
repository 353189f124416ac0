package dev.socketecho.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

import dev.socketecho.transport.websocket.WebSocketPeer;

/**
 * Sends WebSocket messages, one after the other, and compares each with its echo: whole
 * or in fragments with pings between them.
 *
 * @param server what it calls
 * @param port where
 */
record HonestWebSocket(String server, int port) implements Honest {

	private static final int MOST_MESSAGES = 60;

	private static final int LONGEST = 20_000;

	private static final int FIN = 0x80;

	private static final int NORMAL_CLOSURE = 1000;

	@Override
	public void session(Tally tally, Random random) throws IOException, InterruptedException {
		try (WebSocketPeer peer = new WebSocketPeer(this.port)) {
			tally.connections.increment();
			peer.shakeHands();
			int messages = 1 + random.nextInt(MOST_MESSAGES);
			for (int i = 0; i < messages; i++) {
				byte[] message = new byte[random.nextInt((random.nextInt(10) == 0) ? LONGEST : 300)];
				random.nextBytes(message);
				tally.messages.increment();
				tally.bytes.add(message.length);
				long start = System.nanoTime();
				send(peer, message, random);
				WebSocketPeer.Frame echo = peer.read();
				if (echo == null || !echo.fin() || echo.opcode() != WebSocketPeer.BINARY
						|| !Arrays.equals(message, echo.payload())) {
					throw new IOException("the echo differs from what was sent");
				}
				tally.answered(System.nanoTime() - start);
				Thread.sleep(Duration.ofMillis(random.nextInt(10)));
			}
			if (peer.send(WebSocketPeer.close(NORMAL_CLOSURE)).readClose() != NORMAL_CLOSURE) {
				throw new IOException("the close frame was not answered by its code");
			}
		}
	}

	private static void send(WebSocketPeer peer, byte[] message, Random random) throws IOException {
		if (random.nextBoolean()) {
			peer.send(WebSocketPeer.frame(FIN | WebSocketPeer.BINARY, message));
			return;
		}
		int cut = random.nextInt(message.length + 1);
		peer.send(WebSocketPeer.frame(WebSocketPeer.BINARY, Arrays.copyOf(message, cut)),
				WebSocketPeer.frame(WebSocketPeer.PING, "between"),
				WebSocketPeer.frame(FIN | WebSocketPeer.CONTINUATION, Arrays.copyOfRange(message, cut, message.length)));
		WebSocketPeer.Frame pong = peer.read();
		if (pong == null || pong.opcode() != WebSocketPeer.PONG || !pong.text().equals("between")) {
			throw new IOException("the ping was not answered");
		}
	}

}
