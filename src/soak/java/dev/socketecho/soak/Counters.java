package dev.socketecho.soak;

import java.util.Map;
import java.util.stream.Stream;

import dev.socketecho.app.Scrape;

/**
 * The service's counters, from one scrape, compared with each other and with the clients'
 * own counts.
 */
record Counters(Scrape scrape) {

	long sum(String name, String server) {
		return labelled(name, "server=" + server);
	}

	long reason(String name, String server, String reason) {
		return labelled(name, "server=" + server, "reason=" + reason);
	}

	long active() {
		return labelled("echo_connections_active");
	}

	/**
	 * The sum of the series of a name that have some labels.
	 * @param labels such as {@code server=line}
	 */
	long labelled(String name, String... labels) {
		return this.scrape.samples()
			.entrySet()
			.stream()
			.filter((series) -> series.getKey().startsWith(name + "{") && has(series.getKey(), labels))
			.mapToLong((series) -> Math.round(series.getValue()))
			.sum();
	}

	private static boolean has(String series, String... labels) {
		return Stream.of(labels).allMatch((label) -> series.contains(label + ",") || series.contains(label + "}"));
	}

	/**
	 * What must be true of every TCP server.
	 */
	void checkTcp(Verdict verdict, String server, boolean echoes) {
		long opened = sum("echo_connections_opened_total", server);
		long closed = sum("echo_connections_closed_total", server);
		long active = sum("echo_connections_active", server);
		long received = sum("echo_received_bytes_total", server);
		long sent = sum("echo_sent_bytes_total", server);
		verdict.check(opened > 0 && opened == closed + active && active == 0, server + ": opened = closed, none active",
				"%,d = %,d, %d; rejected %,d", opened, closed, active, sum("echo_connections_rejected_total", server));
		verdict.check(echoes ? sent <= received : sent == 0,
				server + (echoes ? ": no more sent than received" : ": nothing sent"), "%,d, %,d", sent, received);
	}

	/**
	 * What must be true of a server that only honest clients have called.
	 */
	void checkCalm(Verdict verdict, String server, Map<String, Tally> honest) {
		Tally tally = honest.get(server);
		if (tally == null) {
			throw new IllegalArgumentException("nobody called " + server);
		}
		verdict.equal(server + ": bytes received", tally.bytes.sum(), sum("echo_received_bytes_total", server));
		verdict.equal(server + ": bytes sent", tally.bytes.sum(), sum("echo_sent_bytes_total", server));
		if (sum("echo_connections_opened_total", server) > 0) {
			verdict.equal(server + ": connections", tally.connections.sum(),
					reason("echo_connections_closed_total", server, "client_closed"));
		}
		if (!"calm-stream".equals(server)) {
			verdict.equal(server + ": messages", tally.messages.sum(), sum("echo_received_messages_total", server));
		}
	}

	/**
	 * Only servers with an idle timeout of some seconds may have closed connections for it.
	 */
	void checkIdleTimeouts(Verdict verdict) {
		long all = labelled("echo_connections_closed_total", "reason=idle_timeout");
		long expected = reason("echo_connections_closed_total", "idle", "idle_timeout");
		verdict.check(expected > 0 && all == expected, "idle_timeout: connections of all servers, of idle", "%,d, %,d",
				all, expected);
	}

	/**
	 * What must be true of the UDP server that is flooded.
	 */
	void checkFlooded(Verdict verdict, String server, long sentToIt) {
		long received = sum("echo_received_messages_total", server);
		long kernel = reason("echo_dropped_datagrams_total", server, "kernel_buffer");
		long failed = reason("echo_dropped_datagrams_total", server, "send_failed");
		long refused = sum("echo_dropped_datagrams_total", server) - kernel - failed;
		verdict.equal(server + ": received + dropped by the kernel = what was sent to it", sentToIt, received + kernel);
		verdict.equal(server + ": answers + refusals = received", received,
				sum("echo_sent_messages_total", server) + refused);
		verdict.note(server + ": dropped by the kernel, not sent", "%,d, %,d", kernel, failed);
	}

}
