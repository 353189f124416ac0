package dev.socketecho.server;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.Faults;
import dev.socketecho.stamp.StampKey;
import dev.socketecho.stamp.StampSender;
import dev.socketecho.stamp.StampReflector;
import dev.socketecho.stamp.StampReply;
import dev.socketecho.stamp.StampSessions;
import dev.socketecho.stamp.StampTime;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.TimedAnswers;
import dev.socketecho.transport.udp.UdpTestClient;
import dev.socketecho.transport.udp.UdpTestSettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@code mode: stamp} on UDP servers.
 */
class UdpReflectTests {

	private static final StampKey KEY = new StampKey("secret");

	/** Long enough for any machine. */
	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	@ParameterizedTest
	@CsvSource({ "AUTO, 127.0.0.1", "AUTO, ::1", "IO_URING, 127.0.0.1", "NIO, 127.0.0.1", "NIO, ::1" })
	void answersWithItsTimes(TransportType transport, String address) throws IOException {
		try (UdpFlowServer server = server(transport, null, null);
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			for (int i = 1; i <= 3; i++) {
				long sent = StampTime.now();
				StampReply reply = exchange(client, null, i, sent, 44);
				assertThat(reply.sequence()).isEqualTo(i);
				assertThat(reply.senderSequence()).isEqualTo(i);
				assertThat(reply.senderTimestamp()).isEqualTo(StampTime.toNtp(sent));
				assertThat(reply.session()).isEqualTo(7);
				assertThat(reply.received()).isBetween(sent, reply.sent());
				assertThat(reply.sent()).isBetween(reply.received(), StampTime.now());
				assertThat(reply.sent() - sent).isLessThan(10 * SECOND);
				assertThat(reply.hopLimit()).isEqualTo((transport == TransportType.NIO) ? 255 : 64);
				assertThat(reply.isSynchronized()).isFalse();
			}
			assertThat(server.recorder.drops(DropReason.MESSAGE_TOO_SHORT)).isZero();
		}
	}

	@Test
	void timesOfABurstAreInOrder() throws IOException {
		try (UdpFlowServer server = server(TransportType.AUTO, null, null);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			for (int i = 0; i < 20; i++) {
				client.send(new StampSender(null, false).packet(7, i, StampTime.toNtp(StampTime.now()), false, 64));
			}
			long last = 0;
			for (int i = 0; i < 20; i++) {
				StampReply reply = read(client.receive(), null);
				assertThat(reply.sequence()).isEqualTo(i);
				assertThat(reply.received())
					.isGreaterThanOrEqualTo(StampTime.toNanos(reply.senderTimestamp(), false, reply.received()));
				assertThat(reply.sent()).isGreaterThanOrEqualTo(reply.received()).isGreaterThanOrEqualTo(last);
				last = reply.sent();
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = TransportType.class, names = { "AUTO", "NIO" })
	void countsEachSessionByItself(TransportType transport) throws IOException {
		StampSessions sessions = sessions(2);
		try (UdpFlowServer server = server(transport, null, sessions);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"));
				UdpTestClient other = UdpTestClient.connected(server.at("127.0.0.1"));
				UdpTestClient third = UdpTestClient.connected(server.at("127.0.0.1"))) {
			assertThat(exchange(client, null, 5, 0, 44).sequence()).isZero();
			// 6 and 7 were lost on their way here.
			assertThat(exchange(client, null, 8, 0, 44).sequence()).isEqualTo(1);
			assertThat(exchange(other, null, 8, 0, 44).sequence()).isZero();
			assertThat(exchange(client, null, 9, 0, 44).sequence()).isEqualTo(2);
			assertThat(sessions.size()).isEqualTo(2);
			// There is no place for a third one: as without sessions.
			assertThat(exchange(third, null, 9, 0, 44).sequence()).isEqualTo(9);
		}
	}

	@ParameterizedTest
	@CsvSource({ "AUTO, 112", "AUTO, 500", "NIO, 112" })
	void answersOnlyAuthenticPacketsWhereThereIsAKey(TransportType transport, int size) throws IOException {
		try (UdpFlowServer server = server(transport, KEY, null);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(new StampSender(new StampKey("other"), false).packet(7, 1, 0, false, size));
			client.send(new byte[44]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.AUTHENTICATION_FAILED) == 2);
			StampReply reply = exchange(client, KEY, 2, 5, size);
			assertThat(reply.senderSequence()).isEqualTo(2);
			assertThat(reply.sent()).isGreaterThanOrEqualTo(reply.received());
		}
	}

	@Test
	void answersShortPacketsWithTheBasePacketAndShorterOnesNot() throws IOException {
		try (UdpFlowServer server = server(TransportType.AUTO, null, null);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			client.send(new byte[13]);
			client.send(new byte[0]);
			Awaitility.await().until(() -> server.recorder.drops(DropReason.MESSAGE_TOO_SHORT) == 2);
			assertThat(client.exchange(new byte[14])).hasSize(44);
			assertThat(client.exchange(new byte[43])).hasSize(44);
			assertThat(client.exchange(new byte[1400])).hasSize(1400);
		}
	}

	@ParameterizedTest
	@CsvSource({ "127.0.0.1", "::1" })
	void reportsTheClassAndTheAddresses(String address) throws IOException {
		try (UdpFlowServer server = server(TransportType.AUTO, null, null);
				UdpTestClient client = UdpTestClient.connected(server.at(address))) {
			client.socket.setTrafficClass(46 << 2);
			byte[] packet = new byte[44 + 8 + 28];
			Unpooled.wrappedBuffer(packet)
				.setLong(44, 0x8004_0004_2800_0000L)
				.setLong(52, 0x8002_0018_0000_0000L)
				.setInt(60, 0x8007_0010);
			String answer = ByteBufUtil.hexDump(client.exchange(packet)).substring(88);
			boolean v4 = !address.contains(":");
			// DSCP 10 was asked for, 46 had come, so the answer has 46.
			assertThat(answer).isEqualTo("00040004" + "%08x".formatted((10 << 26) | (46 << 20) | (1 << 16)) + "00020018"
					+ "%04x%04x".formatted(server.adapter.getPort(), client.socket.getLocalPort())
					+ (v4 ? "00080010" + "7f000001" + "00".repeat(12) : "00090010" + "00".repeat(15) + "01"));
		}
	}

	/**
	 * Faults are a part of the network to the sender: they must not look like time that
	 * the reflector took.
	 */
	@ParameterizedTest
	@EnumSource(Fault.Direction.class)
	void delayOfAFaultIsOnTheWay(Fault.Direction direction) throws Exception {
		Duration delay = Duration.ofMillis(200);
		Fault late = Faults.messages("late", direction, Faults.delay(delay));
		try (UdpFlowServer server = server(TransportType.AUTO, KEY, null);
				UdpTestClient client = UdpTestClient.connected(server.at("127.0.0.1"))) {
			server.adapter.setFaults(server.adapter.faults().replacedBy(List.of(late))).get(10, TimeUnit.SECONDS);
			long sent = StampTime.now();
			StampReply reply = exchange(client, KEY, 1, sent, 112);
			long there = reply.received() - sent;
			long back = StampTime.now() - reply.sent();
			assertThat((direction == Fault.Direction.INBOUND) ? there : back).isGreaterThanOrEqualTo(delay.toNanos());
			assertThat(reply.sent() - reply.received()).isLessThan(delay.toNanos());
		}
	}

	private static StampSessions sessions(int max) {
		return new StampSessions(max, Duration.ofMinutes(15).toNanos(), System::nanoTime);
	}

	private static StampReply exchange(UdpTestClient client, @Nullable StampKey key, int sequence, long time, int size)
			throws IOException {
		byte[] answer = client
			.exchange(new StampSender(key, false).packet(7, sequence, StampTime.toNtp(time), false, size));
		assertThat(answer).hasSize(size);
		return read(answer, key);
	}

	private static StampReply read(byte[] answer, @Nullable StampKey key) {
		StampReply reply = StampReply.read(Unpooled.wrappedBuffer(answer), key, StampTime.now());
		assertThat(reply).isNotNull();
		return reply;
	}

	private static UdpFlowServer server(TransportType transport, @Nullable StampKey key,
			@Nullable StampSessions sessions) {
		StampReflector reflector = new StampReflector(key, false, false);
		return new UdpFlowServer(transport,
				new UdpTestSettings().timedAnswers(new TimedAnswers(reflector::finish, TimedAnswers.NO_PORT)).build(),
				ServerMode.STAMP, new InstanceIdentity("host", Map.of()), new ReflectorSettings(reflector, sessions));
	}

}
