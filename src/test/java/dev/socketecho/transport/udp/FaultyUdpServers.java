package dev.socketecho.transport.udp;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;
import org.awaitility.Awaitility;

import org.springframework.messaging.MessageHandler;

/**
 * UDP servers with faults, and what their clients send and receive, for the tests of
 * them.
 */
final class FaultyUdpServers {

	private FaultyUdpServers() {
	}

	static UdpTestServer start(TransportType type, Fault... faults) throws Exception {
		return start(type, new UdpTestSettings(), faults);
	}

	static UdpTestServer start(TransportType type, UdpTestSettings settings, Fault... faults) throws Exception {
		return withFaults(UdpTestServer.start(type, settings), faults);
	}

	static UdpTestServer start(TransportType type, UnaryOperator<MessageHandler> handler, Fault... faults)
			throws Exception {
		return withFaults(UdpTestServer.start(type, handler), faults);
	}

	static UdpTestServer start(TransportType type, Set<Integer> blockedPorts, Fault... faults) throws Exception {
		return withFaults(UdpTestServer.start(type, UdpTestServer.DEFAULTS, blockedPorts, UnaryOperator.identity()),
				faults);
	}

	private static UdpTestServer withFaults(UdpTestServer server, Fault... faults) throws Exception {
		set(server, faults);
		return server;
	}

	static void set(UdpTestServer server, Fault... faults) throws Exception {
		server.adapter.setFaults(server.adapter.faults().replacedBy(Arrays.asList(faults))).get(10, TimeUnit.SECONDS);
	}

	/**
	 * Drops three of ten datagrams, the same ones each time.
	 */
	static Fault lossy(Fault.Direction direction) {
		return new Fault("loss", new FaultEffect.Drop(), direction, Fault.Unit.MESSAGE,
				new Fault.Selection(0.3, 0, 1, null, SourceFilter.ALL, 42L));
	}

	static String[] numbers(int from, int to) {
		return IntStream.range(from, to).mapToObj(String::valueOf).toArray(String[]::new);
	}

	static long nanos(int millis) {
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

	/**
	 * Sends datagrams, a few at a time, and receives those that the server answers.
	 */
	static List<String> echoes(UdpTestServer server, UdpTestClient client, int count) throws IOException {
		List<String> echoes = new ArrayList<>();
		for (int from = 0; from < count; from += 20) {
			String[] sent = numbers(from, Math.min(from + 20, count));
			long lost = lost(server, sent.length, () -> client.send(sent));
			echoes.addAll(client.receiveTexts((int) (sent.length - lost)));
		}
		return echoes;
	}

	static long lost(UdpTestServer server, List<UdpTestClient> clients, int datagrams) throws IOException {
		String[] sent = Collections.nCopies(datagrams, "x").toArray(String[]::new);
		return lost(server, clients.size() * datagrams, () -> {
			for (UdpTestClient client : clients) {
				client.send(sent);
			}
		});
	}

	/**
	 * Sends datagrams, and returns how many of them faults have dropped.
	 */
	private static long lost(UdpTestServer server, int datagrams, Sending sending) throws IOException {
		long droppedBefore = server.recorder.drops(DropReason.FAULT);
		long sentBefore = server.recorder.sent.get();
		sending.send();
		Awaitility.await()
			.until(() -> server.recorder.drops(DropReason.FAULT) - droppedBefore + server.recorder.sent.get()
					- sentBefore == datagrams);
		return server.recorder.drops(DropReason.FAULT) - droppedBefore;
	}

	private interface Sending {

		void send() throws IOException;

	}

}
