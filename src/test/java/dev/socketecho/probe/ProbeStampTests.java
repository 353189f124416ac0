package dev.socketecho.probe;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.socketecho.client.UdpPeer;
import dev.socketecho.stamp.StampArrival;
import dev.socketecho.stamp.StampCounts;
import dev.socketecho.stamp.StampKey;
import dev.socketecho.stamp.StampReflector;
import dev.socketecho.stamp.StampReflector.Verdict;
import dev.socketecho.stamp.StampSender;
import dev.socketecho.stamp.StampTime;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Probes of STAMP reflectors that lose packets on one way or the other, and whose clocks
 * differ.
 */
@Execution(ExecutionMode.CONCURRENT)
class ProbeStampTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final long HOUR = TimeUnit.HOURS.toNanos(1);

	private static final StampSender PLAIN = new StampSender(null, false);

	@AutoClose
	private final EventLoops eventLoops = new EventLoops(TransportType.AUTO, 1, "test");

	private final AtomicInteger lostForward = new AtomicInteger();

	private final AtomicInteger lostBackward = new AtomicInteger();

	private final AtomicReference<List<Long>> delays = new AtomicReference<>(List.of());

	private final ProbeRecorder recorder = new ProbeRecorder() {

		@Override
		public void oneWayDelays(long forwardNanos, long backwardNanos, long reflectorNanos) {
			ProbeStampTests.this.delays.set(List.of(forwardNanos, backwardNanos, reflectorNanos));
		}

		@Override
		public void lostOneWay(int forward, int backward) {
			ProbeStampTests.this.lostForward.addAndGet(forward);
			ProbeStampTests.this.lostBackward.addAndGet(backward);
		}

	};

	@ParameterizedTest
	@CsvSource(value = { "NULL, 1, false", "NULL, 500, false", "secret, 1, false", "secret, 500, false",
			"NULL, 500, true", "secret, 500, true" }, nullValues = "NULL")
	void everyAnswerIsReceived(@Nullable String key, int size, boolean measuresDirectly) throws Exception {
		StampKey stampKey = (key != null) ? new StampKey(key) : null;
		try (UdpPeer peer = new UdpPeer(new Reflector(stampKey));
				Prober prober = prober(peer, new StampSender(stampKey, measuresDirectly))) {
			for (int i = 0; i < 2; i++) {
				ProbeResult result = prober.round(10, LONG, size, this.recorder).get(40, TimeUnit.SECONDS);
				assertThat(result.error()).isNull();
				assertThat(result.roundTrips()).hasSize(10);
			}
			assertThat(this.lostForward).hasValue(0);
			assertThat(this.lostBackward).hasValue(0);
		}
	}

	@Test
	void clocksThatDifferAffectTheOneWayDelaysOnly() throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.ahead = HOUR;
		reflector.takes = 2 * HOUR;
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN)) {
			ProbeResult result = prober.round(3, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			// Never below 0, though this reflector's clock went on by two hours.
			assertThat(result.roundTrips()).containsOnly(Duration.ZERO);
			assertThat(this.delays.get().get(0)).isBetween(HOUR, HOUR + HOUR / 2);
			assertThat(this.delays.get().get(1)).isBetween(-3 * HOUR, -3 * HOUR + HOUR / 2);
			assertThat(this.delays.get().get(2)).isEqualTo(2 * HOUR);
		}
	}

	@Test
	void lossesOfEachDirectionAreToldApart() throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.stateful = true;
		reflector.missed = Set.of(0, 1, 7);
		reflector.unanswered = Set.of(3, 8);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN)) {
			ProbeResult result = prober.round(10, Duration.ofSeconds(2), 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.lost()).isEqualTo(5);
			assertThat(this.lostForward).hasValue(3);
			assertThat(this.lostBackward).hasValue(2);
			// Nothing is counted twice.
			prober.round(5, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(this.lostForward).hasValue(3);
			assertThat(this.lostBackward).hasValue(2);
		}
	}

	@Test
	void whatIsLostAtTheEndOfARoundCountsInTheNext() throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.stateful = true;
		reflector.missed = Set.of(4);
		reflector.unanswered = Set.of(3);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN)) {
			prober.round(5, Duration.ofSeconds(2), 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(this.lostForward).hasValue(0);
			prober.round(2, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(this.lostForward).hasValue(1);
			assertThat(this.lostBackward).hasValue(1);
		}
	}

	@ParameterizedTest
	@CsvSource({ "false, 0", "true, 2" })
	void lossesOnTheWayBackAloneAreToldByAReflectorThatIsKnownToBeStateful(boolean known, int told) throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.stateful = true;
		reflector.unanswered = Set.of(3, 8);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN, known)) {
			ProbeResult result = prober.round(10, Duration.ofSeconds(2), 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.lost()).isEqualTo(2);
			assertThat(this.lostForward).hasValue(0);
			assertThat(this.lostBackward).hasValue(told);
		}
	}

	@Test
	void statelessReflectorSaysNothingAboutDirections() throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.missed = Set.of(2);
		reflector.unanswered = Set.of(3);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN)) {
			ProbeResult result = prober.round(10, Duration.ofSeconds(2), 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.lost()).isEqualTo(2);
			assertThat(this.lostForward).hasValue(0);
			assertThat(this.lostBackward).hasValue(0);
		}
	}

	@ParameterizedTest
	@CsvSource(value = { "NULL", "secret" }, nullValues = "NULL")
	void countersOfAStatelessReflectorTellTheDirection(@Nullable String key) throws Exception {
		StampKey stampKey = (key != null) ? new StampKey(key) : null;
		Reflector reflector = new Reflector(stampKey);
		reflector.missed = Set.of(1, 2, 7);
		reflector.unanswered = Set.of(3, 8);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, new StampSender(stampKey, true))) {
			ProbeResult result = prober.round(10, Duration.ofSeconds(2), 300, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.lost()).isEqualTo(5);
			assertThat(this.lostForward).hasValue(3);
			assertThat(this.lostBackward).hasValue(2);
		}
	}

	@Test
	void reflectorThatBeginsAnewLosesNothing() throws Exception {
		Reflector reflector = new Reflector(null);
		reflector.stateful = true;
		reflector.missed = Set.of(1);
		try (UdpPeer peer = new UdpPeer(reflector); Prober prober = prober(peer, PLAIN)) {
			prober.round(5, Duration.ofSeconds(2), 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(this.lostForward).hasValue(1);
			reflector.answers = 0;
			for (int i = 0; i < 3; i++) {
				prober.round(2, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			}
			assertThat(this.lostForward).hasValue(1);
			assertThat(this.lostBackward).hasValue(0);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void reflectorOfTwampLightIsMeasured(boolean measuresDirectly) throws Exception {
		try (UdpPeer peer = new UdpPeer(ProbeStampTests::twampLight);
				Prober prober = prober(peer, new StampSender(null, measuresDirectly))) {
			ProbeResult result = prober.round(5, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.error()).isNull();
			assertThat(result.roundTrips()).hasSize(5);
			assertThat(this.delays.get().get(0)).isBetween(HOUR, HOUR + HOUR / 2);
			assertThat(this.lostForward).hasValue(0);
			assertThat(this.lostBackward).hasValue(0);
		}
	}

	/**
	 * Answers as in figure 16 of RFC 5357, whose padding a reflector may leave away:
	 * without a session identifier, 41 bytes. Its clock is an hour ahead.
	 */
	private static void twampLight(DatagramSocket socket, DatagramPacket packet) throws IOException {
		ByteBuffer request = ByteBuffer.wrap(packet.getData(), 0, packet.getLength());
		long time = StampTime.toNtp(StampTime.now() + HOUR);
		byte[] answer = ByteBuffer.allocate(41)
			.putInt(request.getInt(0))
			.putLong(time)
			.putShort((short) 1)
			.putShort((short) 0)
			.putLong(time)
			.put(packet.getData(), 0, 14)
			.putShort((short) 0)
			.put((byte) 255)
			.array();
		socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
	}

	@Test
	void answerOfAnotherKeyIsNone() throws Exception {
		Reflector reflector = new Reflector(new StampKey("one"));
		reflector.anyKey = true;
		try (UdpPeer peer = new UdpPeer(reflector);
				Prober prober = prober(peer, new StampSender(new StampKey("other"), false))) {
			ProbeResult result = prober.round(1, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.error()).isEqualTo(SocketError.CORRUPTED_REPLY);
			assertThat(result.isUp()).isFalse();
		}
	}

	@Test
	void echoIsNoAnswer() throws Exception {
		try (UdpPeer peer = new UdpPeer(UdpPeer::reply); Prober prober = prober(peer, PLAIN)) {
			ProbeResult result = prober.round(1, LONG, 64, this.recorder).get(40, TimeUnit.SECONDS);
			assertThat(result.error()).isEqualTo(SocketError.CORRUPTED_REPLY);
		}
	}

	private Prober prober(UdpPeer peer, StampSender sender) {
		return prober(peer, sender, false);
	}

	private Prober prober(UdpPeer peer, StampSender sender, boolean stateful) {
		return ((ProbeTarget.Udp) ProbeTarget.udp("test", "127.0.0.1", peer.port(), LONG))
			.speaking(new ProbeProtocol.Stamp(sender, stateful))
			.prober(this.eventLoops);
	}

	/**
	 * A reflector whose clock and losses a test sets.
	 */
	private static final class Reflector implements UdpPeer.Answer {

		private final StampReflector reflector;

		private final boolean authenticated;

		/** Sequence numbers that are lost on the way there. */
		private Set<Integer> missed = Set.of();

		/** Sequence numbers that are lost on the way back. */
		private Set<Integer> unanswered = Set.of();

		private boolean stateful;

		private boolean anyKey;

		private long ahead;

		private long takes;

		private volatile int answers;

		private int received;

		private int sent;

		Reflector(@Nullable StampKey key) {
			this.reflector = new StampReflector(key, false, false);
			this.authenticated = key != null;
		}

		@Override
		public void to(DatagramSocket socket, DatagramPacket packet) throws IOException {
			ByteBuf request = Unpooled.wrappedBuffer(Arrays.copyOf(packet.getData(), packet.getLength()));
			Verdict verdict = this.reflector.check(request);
			int sequence = this.reflector.sequence(request);
			if ((verdict != Verdict.ACCEPTED && !this.anyKey) || this.missed.contains(sequence)) {
				return;
			}
			this.received++;
			int answer = this.stateful ? this.answers : sequence;
			this.answers = answer + 1;
			this.sent++;
			if (this.unanswered.contains(sequence)) {
				return;
			}
			InetSocketAddress source = (InetSocketAddress) packet.getSocketAddress();
			long received = StampTime.now() + this.ahead;
			ByteBuf content = this.reflector
				.reflect(request, new StampArrival(received, 64, 0, source, () -> source),
						new StampCounts(answer, this.received, this.sent), UnpooledByteBufAllocator.DEFAULT)
				.content();
			this.reflector.finish(content);
			if (!this.authenticated && this.takes > 0) {
				content.setLong(4, StampTime.toNtp(received + this.takes));
			}
			byte[] bytes = ByteBufUtil.getBytes(content);
			content.release();
			socket.send(new DatagramPacket(bytes, bytes.length, source));
		}

	}

}
