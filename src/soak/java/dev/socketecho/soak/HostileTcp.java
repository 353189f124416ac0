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
 * Peers that are slow, disappear, send too much, or send nonsense. The server may reset
 * them. It must not hang, and must not send back anything that they did not send.
 */
enum HostileTcp implements Hostile {

	/** Sends as much as is taken, reads nothing, then reads all, or vanishes. */
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

	/** Sends nothing, to servers that limit how long that may last. */
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
					// A line for the one, two messages of no byte for the other
					flood[i + 3] = 0;
					flood[i + 7] = (byte) ((i % 64 == 0) ? '\n' : 0);
				}
				socket.write(flood);
				Thread.sleep(Duration.ofMillis(random.nextInt(1000)));
				socket.reset();
			}
		}
	},

	/** Longer than the limit, by the header or by never ending. */
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

	/** Random bytes, everywhere. */
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

	/** Knocks where nobody is let in, which is worth a warning a second. */
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
