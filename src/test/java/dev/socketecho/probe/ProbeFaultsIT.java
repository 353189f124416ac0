package dev.socketecho.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.socketecho.server.EchoServers;
import dev.socketecho.testing.TestApplication;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Probes of a server with faults count what the server was told to do. The seeds make the
 * draws repeatable, so the test knows the exact counts.
 * <p>
 * The packets of a round are sent together, so a delay that varied would reorder nearly
 * all of them. Here it does not vary: only {@code reorder} reorders.
 */
class ProbeFaultsIT {

	private static final int ROUNDS = 2;

	private static final int PACKETS = 100;

	private static final Duration DELAY = Duration.ofMillis(20);

	/** Each round waits so long for the packets that are lost. */
	private static final Duration TIMEOUT = Duration.ofSeconds(4);

	private final ProbeRecording recording = new ProbeRecording();

	@Test
	void faultsOfTheServerAreWhatTheProbeReports() throws Exception {
		String faults = "echo.udp.servers.datagram.faults.";
		try (ConfigurableApplicationContext server = TestApplication.run("echo.udp.servers.datagram.address=127.0.0.1",
				faults + "a-late.type=delay", faults + "a-late.delay=20ms", faults + "b-lost.type=drop",
				faults + "b-lost.probability=0.2", faults + "b-lost.seed=5", faults + "c-later.type=reorder",
				faults + "c-later.probability=0.1", faults + "c-later.seed=6", faults + "d-twice.type=duplicate",
				faults + "d-twice.probability=0.1", faults + "d-twice.seed=7");
				EventLoops eventLoops = new EventLoops(TransportType.AUTO, 1, "test")) {
			int port = Objects.requireNonNull(server.getBean(EchoServers.class).udp("datagram")).port();
			List<Duration> roundTrips = new ArrayList<>();
			try (Prober prober = ProbeTarget.udp("test", "127.0.0.1", port, TIMEOUT).prober(eventLoops)) {
				for (int i = 0; i < ROUNDS; i++) {
					roundTrips.addAll(
							prober.round(PACKETS, TIMEOUT, 64, this.recording).get(40, TimeUnit.SECONDS).roundTrips());
				}
				Expected expected = new Expected();
				assertThat(expected.lost).isBetween(20, 60);
				assertThat(expected.duplicated).isPositive();
				assertThat(expected.reordered).isPositive();
				await().untilAsserted(() -> assertThat(this.recording.duplicated).hasValue(expected.duplicated));
				assertThat(this.recording.sent).hasValue(ROUNDS * PACKETS);
				assertThat(this.recording.lost).hasValue(expected.lost);
				assertThat(this.recording.received).hasValue(ROUNDS * PACKETS - expected.lost);
				assertThat(this.recording.reordered).hasValue(expected.reordered);
				assertThat(this.recording.corrupted).hasValue(0);
				assertThat(roundTrips).hasSize(this.recording.received.get())
					.allMatch((roundTrip) -> roundTrip.compareTo(DELAY) >= 0);
			}
		}
	}

	/**
	 * What the faults do to the packets.
	 */
	private static final class Expected {

		private final Draws drop = new Draws(5, "b-lost", 0.2);

		private final Draws reorder = new Draws(6, "c-later", 0.1);

		private final Draws duplicate = new Draws(7, "d-twice", 0.1);

		private int highest = -1;

		private int lost;

		private int duplicated;

		private int reordered;

		Expected() {
			for (int round = 0; round < ROUNDS; round++) {
				List<Integer> waiting = new ArrayList<>();
				for (int i = 0; i < PACKETS; i++) {
					int packet = round * PACKETS + i;
					if (this.drop.next()) {
						this.lost++;
					}
					else if (this.reorder.next()) {
						waiting.add(packet);
					}
					else {
						receive(packet);
						waiting.forEach(this::receive);
						waiting.clear();
					}
				}
				// The last ones have waited for a next one in vain
				waiting.forEach(this::receive);
			}
		}

		private void receive(int packet) {
			if (this.duplicate.next()) {
				this.duplicated++;
			}
			if (packet < this.highest) {
				this.reordered++;
			}
			this.highest = Math.max(this.highest, packet);
		}

	}

	/**
	 * The documented generator: SplitMix64, whose n-th sequence begins with a hash of the
	 * seed, the fault's name (FNV-1a) and n.
	 */
	private static final class Draws {

		private static final long GAMMA = 0x9e3779b97f4a7c15L;

		private final long base;

		private final double probability;

		private long n;

		Draws(long seed, String name, double probability) {
			this.base = mix(seed) ^ name.chars()
				.asLongStream()
				.reduce(0xcbf29ce484222325L, (hash, unit) -> (hash ^ unit) * 0x100000001b3L);
			this.probability = probability;
		}

		boolean next() {
			long number = mix(mix(this.base + this.n++ * GAMMA) + GAMMA);
			return (number >>> 11) * 0x1p-53 < this.probability;
		}

		private static long mix(long value) {
			long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
			z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
			return z ^ (z >>> 31);
		}

	}

}
