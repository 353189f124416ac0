package dev.socketecho.load;

import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import dev.socketecho.client.ClientPeer;
import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.ClosedPort;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

/**
 * Load runs over TCP.
 */
class LoadTcpTests {

	private static final Duration LONG = Duration.ofSeconds(20);

	private static final TestCertificates certificates = TestCertificates.INSTANCE;

	@ParameterizedTest
	@EnumSource(Framing.class)
	void eachReplyOfEachFramingIsReceivedOnce(Framing framing) throws Exception {
		try (TestServer server = TestServer.start(framing)) {
			LoadReport report = LoadClients.run(LoadClients.tcp(server.factory.getPort(), framing, LONG),
					LoadClients.closed(3, 5, 64, 200));
			assertRight(report, server);
			report = LoadClients.run(LoadClients.tcp(server.factory.getPort(), framing, LONG),
					LoadClients.open(500, 3, 200));
			assertThat(report.sent()).isEqualTo(100).isEqualTo(report.received());
			assertThat(report.errors()).isEmpty();
			assertThat(report.scheduleLagMicros()).isNotNull();
		}
	}

	private static void assertRight(LoadReport report, TestServer server) {
		assertThat(report.errors()).isEmpty();
		assertThat(report.state()).isEqualTo("finished");
		assertThat(report.received()).isPositive().isEqualTo(report.sent());
		assertThat(report.lost() + report.corrupted()).isZero();
		assertThat(report.bytes()).isEqualTo(report.received() * report.payloadSize());
		assertThat(report.latency()).isNotNull();
		assertThat(report.connect()).isNotNull();
		assertThat(report.histogram().stream().mapToLong(LoadReport.Bucket::count).sum()).isEqualTo(report.received());
		await().until(() -> server.factory.activeConnections() == 0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 7, 8, 9, 70_000 })
	void messagesOfAnyLengthAreToldApart(int size) throws Exception {
		try (TestServer server = TestServer.start(Framing.LENGTH_4)) {
			assertRight(LoadClients.run(LoadClients.tcp(server.factory.getPort(), Framing.LENGTH_4, LONG),
					LoadClients.closed(2, 20, size, 150)), server);
		}
	}

	@Test
	void closeAfterReplyTakesAConnectionForEachMessage() throws Exception {
		try (TestServer server = TestServer.start(Framing.DELIMITER, (spec) -> spec.closeAfterReply = true)) {
			LoadReport report = LoadClients.run(
					LoadClients.tcp(server.factory.getPort(), Framing.DELIMITER, LONG, true, null),
					LoadClients.open(200, 4, 300));
			assertThat(report.received()).isEqualTo(60).isEqualTo(report.sent());
			assertThat(server.recorder.opened.get()).isGreaterThanOrEqualTo(60);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "LINE", "WEBSOCKET" })
	void tlsIsEncryptedAndRight(Framing framing) throws Exception {
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		try (TestServer server = TestServer.start(framing, (spec) -> spec.tls = tls)) {
			assertRight(LoadClients.run(
					LoadClients.tcp(server.factory.getPort(), framing, LONG, false,
							new ClientTls(certificates.withoutCertificate(), false, null)),
					LoadClients.closed(2, 8, 100, 300)), server);
		}
	}

	@Test
	void terminatorThatDiffersIsNoCorruption() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			for (int read = in.read(); read >= 0; read = in.read()) {
				if (read == '\n') {
					out.write('\r');
				}
				out.write(read);
			}
		})) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, LONG),
					LoadClients.closed(1, 4, 20, 100));
			assertThat(report.received()).isPositive().isEqualTo(report.sent());
		}
	}

	static Stream<Arguments> corruptions() {
		return Stream.of(Arguments.of("a byte of the message", 30), Arguments.of("a digit of the number", 3),
				Arguments.of("the terminator", 64));
	}

	/**
	 * The last one joins a message with the next: both have no right reply.
	 */
	@ParameterizedTest(name = "{0}")
	@MethodSource("corruptions")
	void oneCorruptedByteCorruptsItsMessageOnly(String what, int index) throws Exception {
		int frame = 65;
		int at = 10 * frame + index;
		try (ClientPeer peer = ClientPeer.start((in, out) -> echoWithChange(in, out, at))) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LF, LONG),
					new LoadSettings(200, 1, 16, 64, Duration.ofMillis(300), Duration.ZERO));
			long corrupted = (index == frame - 1) ? 2 : 1;
			assertThat(report.corrupted()).isEqualTo(corrupted);
			assertThat(report.received()).isEqualTo(60 - corrupted);
			assertThat(report.lost()).isZero();
			assertThat(report.errors()).isEqualTo(Map.of("corrupted_reply", corrupted));
		}
	}

	private static void echoWithChange(InputStream in, OutputStream out, int at) throws java.io.IOException {
		int index = 0;
		for (int read = in.read(); read >= 0; read = in.read()) {
			out.write((index++ == at) ? 'z' : read);
		}
	}

	@Test
	void corruptedByteOfAStreamCorruptsOneMessage() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> echoWithChange(in, out, 700))) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.NONE, LONG),
					LoadClients.open(200, 1, 300));
			assertThat(report.corrupted()).isEqualTo(1);
			assertThat(report.received()).isEqualTo(59);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void serverThatDoesNotAnswerLosesEachMessage(boolean openLoop) throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, Duration.ofMillis(100)),
					openLoop ? LoadClients.open(1000, 2, 400) : LoadClients.closed(2, 3, 64, 400));
			assertThat(report.received()).isZero();
			assertThat(report.latency()).isNull();
			assertThat(report.corrupted()).isZero();
			assertThat(report.lost()).isPositive().isGreaterThanOrEqualTo(report.sent());
			if (openLoop) {
				assertThat(report.lost()).isEqualTo(400);
			}
			assertThat(report.errors()).containsKey("reply_timed_out");
			assertThat(report.errors().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(report.lost());
			// A silent connection is given up, and another one is made.
			assertThat(peer.accepted()).isGreaterThan(2);
		}
	}

	@Test
	void messagesBeyondTheBacklogAreLostUnsent() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			LoadSettings settings = LoadClients.open(1000, 2, 100);
			LoadRun run = new LoadRun(LoadClients.tcp(peer.port(), Framing.LINE, Duration.ofMillis(500)), settings, 20,
					LoadRecorder.none(), TransportType.AUTO);
			run.start();
			LoadReport report = run.done().get(20, TimeUnit.SECONDS);
			assertThat(report.sent()).isEqualTo(40);
			assertThat(report.lost()).isEqualTo(100);
			assertThat(report.errors()).isEqualTo(Map.of("reply_timed_out", 40L, "operation_aborted", 60L));
		}
	}

	@Test
	void noServerIsAFailedRun() throws Exception {
		LoadReport report = LoadClients.run(LoadClients.tcp(ClosedPort.hold(), Framing.LINE, LONG),
				LoadClients.closed(3, 1, 64, 30_000));
		assertThat(report.state()).isEqualTo("failed");
		assertThat(report.errors()).isEqualTo(Map.of("connection_refused", 3L));
		assertThat(report.connect()).isNull();
	}

	/**
	 * Without a rate, messages of the warm-up are under way until the end.
	 */
	@Test
	void serverThatStallsInTheWarmUpIsAFailedRun() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, Duration.ofSeconds(1)),
					new LoadSettings(null, 2, 3, 64, Duration.ofMillis(200), Duration.ofMillis(100)));
			assertThat(report.state()).isEqualTo("failed");
			assertThat(report.errors()).isEqualTo(Map.of("reply_timed_out", 6L));
			assertThat(report.sent() + report.received() + report.lost() + report.corrupted()).isZero();
		}
	}

	@Test
	void serverThatStallsAtTheBeginningOfTheWarmUpFailsNoRun() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			if (connections.incrementAndGet() > 2) {
				in.transferTo(out);
			}
			in.readAllBytes();
		})) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, Duration.ofMillis(100)),
					new LoadSettings(null, 2, 3, 64, Duration.ofMillis(300), Duration.ofSeconds(1)));
			assertThat(report.state()).isEqualTo("finished");
			assertThat(report.errors()).isEmpty();
			assertThat(report.received()).isPositive().isEqualTo(report.sent());
		}
	}

	@Test
	void connectionThatBreaksIsMadeAgainAndItsMessagesAreLost() throws Exception {
		AtomicInteger connections = new AtomicInteger();
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			boolean first = connections.incrementAndGet() == 1;
			if (first) {
				in.readNBytes(65 * 10);
				return;
			}
			in.transferTo(out);
		})) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, LONG),
					LoadClients.open(100, 1, 1000));
			assertThat(report.received()).isPositive();
			assertThat(report.lost()).isGreaterThanOrEqualTo(10);
			assertThat(report.received() + report.lost()).isEqualTo(100);
			assertThat(report.errors()).containsAnyOf(Map.entry("connection_aborted", report.lost()),
					Map.entry("connection_reset", report.lost()));
		}
	}

	/**
	 * Such a connection ends only when the peer closes it, which this one never does.
	 */
	@Test
	void connectionWhoseReplyIsTooLongIsMadeAgain() throws Exception {
		byte[] endless = new byte[64 * 1024];
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			in.readNBytes(65);
			while (true) {
				out.write(endless);
			}
		})) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, LONG),
					LoadClients.open(200, 1, 500));
			assertThat(report.errors()).isEqualTo(Map.of("message_too_long", 100L));
			assertThat(report.lost()).isEqualTo(100);
			assertThat(peer.accepted()).isGreaterThan(1);
		}
	}

	@Test
	void corruptedReplyOnAConnectionOfItsOwnDelaysNoOther() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> {
			byte[] message = in.readNBytes(65);
			message[30] = 'z';
			out.write(message);
		})) {
			LoadReport report = LoadClients.run(LoadClients.tcp(peer.port(), Framing.LINE, LONG, true, null),
					LoadClients.open(200, 4, 500));
			assertThat(report.errors()).isEqualTo(Map.of("corrupted_reply", 100L));
			assertThat(report.sent()).isEqualTo(100).isEqualTo(report.corrupted());
		}
	}

	/**
	 * Its turn has not come in time, although no connection has failed.
	 */
	@Test
	void messageThatWaitsTooLongForAConnectionOfItsOwnHasTimedOut() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE, (spec) -> spec.closeAfterReply = true)) {
			LoadReport report = LoadClients.run(
					LoadClients.tcp(server.factory.getPort(), Framing.LINE, Duration.ofMillis(100), true, null),
					LoadClients.open(50_000, 1, 300));
			assertThat(report.received()).isPositive();
			assertThat(report.received() + report.lost()).isEqualTo(15_000);
			assertThat(report.errors()).isEqualTo(Map.of("reply_timed_out", report.lost()));
		}
	}

	@Test
	void warmUpCountsNowhere() throws Exception {
		AtomicLong recorded = new AtomicLong();
		LoadRecorder recorder = new LoadRecorder() {

			@Override
			public void sent(long messages) {
				recorded.addAndGet(messages);
			}

			@Override
			public void errors(SocketError error, long times) {
				recorded.addAndGet(1_000_000);
			}

		};
		try (TestServer server = TestServer.start(Framing.LINE)) {
			LoadRun run = LoadClients.start(LoadClients.tcp(server.factory.getPort(), Framing.LINE, LONG),
					new LoadSettings(100, 2, 16, 64, Duration.ofMillis(300), Duration.ofMillis(500)), recorder);
			LoadReport report = run.done().get(20, TimeUnit.SECONDS);
			assertThat(report.sent()).isEqualTo(30).isEqualTo(report.received()).isEqualTo(recorded.get());
			assertThat(report.latency()).isNotNull();
			assertThat(server.recorder.messagesReceived.get()).isEqualTo(80);
		}
	}

	@Test
	void runThatIsStoppedSettlesEachMessageAndLeavesNoConnection() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			LoadRun run = LoadClients.start(LoadClients.tcp(server.factory.getPort(), Framing.LINE, LONG),
					LoadClients.closed(5, 4, 64, 60_000), LoadRecorder.none());
			await().until(() -> run.report().get().received() > 100);
			assertThat(run.report().get().state()).isEqualTo("running");
			LoadReport report = run.stop(Duration.ofSeconds(10)).get(20, TimeUnit.SECONDS);
			assertThat(report.state()).isEqualTo("stopped");
			assertThat(report.received()).isEqualTo(report.sent());
			assertThat(report.elapsedSeconds()).isLessThan(60);
			await().until(() -> server.factory.activeConnections() == 0);
		}
	}

	/**
	 * Each message that was due before the end is lost, those that were not yet sent too.
	 */
	@Test
	void runWithARateThatIsStoppedSettlesEachMessageThatWasDue() throws Exception {
		try (ClientPeer peer = ClientPeer.start((in, out) -> in.readAllBytes())) {
			int rate = 5000;
			LoadRun run = LoadClients.start(LoadClients.tcp(peer.port(), Framing.LINE, LONG),
					LoadClients.open(rate, 3, 60_000), LoadRecorder.none());
			await().until(() -> run.report().get().sent() > 100);
			LoadReport report = run.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);
			assertThat(report.received()).isZero();
			assertThat((double) report.lost()).isCloseTo(Math.ceil(report.elapsedSeconds() * rate), within(1.0));
			assertThat(report.errors()).isEqualTo(Map.of("operation_aborted", report.lost()));
		}
	}

	@Test
	void runThatIsStoppedWhileItConnectsEnds() throws Exception {
		try (TestServer server = TestServer.start(Framing.LINE)) {
			LoadRun run = LoadClients.start(LoadClients.tcp(server.factory.getPort(), Framing.LINE, LONG),
					LoadClients.closed(200, 4, 64, 60_000), LoadRecorder.none());
			LoadReport report = run.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);
			assertThat(report.state()).isEqualTo("stopped");
			await().until(() -> server.factory.activeConnections() == 0);
		}
	}

}
