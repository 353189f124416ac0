package dev.socketecho.soak;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToIntFunction;

import dev.socketecho.soak.HostileSocket.StuckException;

/**
 * Peers that read slowly, disappear, take all they can or send invalid data. The server
 * may reset them. It fails if it hangs, or sends bytes that the peer has not sent.
 */
enum HostileTcp implements Hostile {

	/** Sends until the server reads no more, then reads all echoes or closes. */
	SLOW_READER {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt("stream"))) {
				byte[] bytes = new byte[1 + random.nextInt(12_000_000)];
				Arrays.fill(bytes, (byte) random.nextInt(256));
				int sent = socket.write(bytes);
				Thread.sleep(Duration.ofMillis(random.nextInt(2000)));
				for (int i = random.nextInt(20); i > 0 && sent > 0; i--) {
					ByteBuffer some = socket.read(100);
					sent -= (some != null) ? some.remaining() : 0;
					Thread.sleep(Duration.ofMillis(10));
				}
				if (random.nextBoolean()) {
					socket.reset();
					return;
				}
				socket.halfClose();
				long rest = socket.readToEnd();
				if (rest != sent) {
					throw new StuckException("of %d bytes %d came back".formatted(sent, rest));
				}
			}
		}
	},

	/** Byte by byte. */
	SLOW_WRITER {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt("line"))) {
				byte[] line = "a line that takes its time\r\n".getBytes(StandardCharsets.US_ASCII);
				for (byte next : line) {
					socket.write(new byte[] { next });
					Thread.sleep(Duration.ofMillis(random.nextInt(100)));
				}
				socket.halfClose();
				if (socket.readToEnd() != line.length) {
					throw new StuckException("a slow line did not come back");
				}
			}
		}
	},

	/** Sends nothing, to servers with an idle timeout. */
	SILENT {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket
				.connect(ports.applyAsInt(random.nextBoolean() ? "idle" : "proxy"))) {
				if (random.nextBoolean()) {
					socket.write("PRO".getBytes(StandardCharsets.US_ASCII));
				}
				socket.readToEnd();
			}
		}
	},

	/** Half a message, and then nothing, or a reset. */
	MID_FRAME {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			String server = Garbage.SERVERS.get(random.nextInt(Garbage.SERVERS.size()));
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(server))) {
				byte[] whole = Garbage.begun(server, random);
				socket.write(Arrays.copyOf(whole, 1 + random.nextInt(whole.length)));
				Thread.sleep(Duration.ofMillis(random.nextInt(300)));
				if (random.nextInt(4) > 0) {
					socket.reset();
				}
			}
		}
	},

	/** Pipelines without reading, then resets. */
	FLOOD {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket
				.connect(ports.applyAsInt(random.nextBoolean() ? "line" : "frames"))) {
				byte[] flood = new byte[8_000_000];
				for (int i = 0; i < flood.length; i += 8) {
					// One line, or two empty messages with a length header
					flood[i + 3] = 0;
					flood[i + 7] = (byte) ((i % 64 == 0) ? '\n' : 0);
				}
				socket.write(flood);
				Thread.sleep(Duration.ofMillis(random.nextInt(1000)));
				socket.reset();
			}
		}
	},

	/** A message over the limit: its header says so, or its end never comes. */
	OVERSIZED {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			boolean announced = random.nextBoolean();
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(announced ? "frames" : "line"))) {
				byte[] bytes = new byte[announced ? 1000 : 2_000_000];
				Arrays.fill(bytes, (byte) 0x7f);
				socket.write(bytes);
				if (socket.readToEnd() > 0) {
					throw new StuckException("something of a message that is too long came back");
				}
			}
		}
	},

	/** Random bytes to every server. */
	GARBAGE {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			String server = Garbage.SERVERS.get(random.nextInt(Garbage.SERVERS.size()));
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt(server))) {
				byte[] garbage = new byte[random.nextInt(20_000)];
				random.nextBytes(garbage);
				socket.write(garbage);
				socket.halfClose();
				socket.readToEnd();
			}
		}
	},

	/** Connects to a server that denies everybody. The log may have one warning a second for it. */
	UNWELCOME {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			try (HostileSocket socket = HostileSocket.connect(ports.applyAsInt("denied"))) {
				socket.readToEnd();
			}
		}
	},

	/** Hundreds of connections at once. */
	STORM {
		@Override
		public void attack(ToIntFunction<String> ports, Random random) throws Exception {
			int port = ports.applyAsInt(random.nextBoolean() ? "limited" : "stream");
			List<HostileSocket> sockets = new ArrayList<>();
			try {
				for (int i = 0; i < 300; i++) {
					sockets.add(HostileSocket.connect(port));
				}
				Thread.sleep(Duration.ofMillis(random.nextInt(500)));
			}
			finally {
				for (HostileSocket socket : sockets) {
					socket.reset();
				}
			}
			Thread.sleep(Duration.ofMillis(500));
		}
	};

	@Override
	public abstract void attack(ToIntFunction<String> ports, Random random) throws Exception;

}
