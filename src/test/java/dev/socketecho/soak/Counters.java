package dev.socketecho.soak;

import java.util.Map;

import dev.socketecho.app.Scrape;

/**
 * The service's counters, from one scrape, held against each other and against what the
 * clients have counted.
 */
record Counters(Scrape scrape) {

	/**
	 * The sum of the series of a name that have a label's value.
	 */
	long sum(String name, String server) {
		return this.scrape.samples()
			.entrySet()
			.stream()
			.filter((series) -> series.getKey().startsWith(name + "{")
					&& series.getKey().contains("server=" + server + ","))
			.mapToLong((series) -> Math.round(series.getValue()))
			.sum();
	}

	long reason(String name, String server, String reason) {
		return this.scrape.samples()
			.entrySet()
			.stream()
			.filter((series) -> series.getKey().startsWith(name + "{")
					&& series.getKey().contains("reason=" + reason + ",")
					&& series.getKey().contains("server=" + server + ","))
			.mapToLong((series) -> Math.round(series.getValue()))
			.sum();
	}

	long active() {
		return this.scrape.samples()
			.entrySet()
			.stream()
			.filter((series) -> series.getKey().startsWith("echo_connections_active{"))
			.mapToLong((series) -> Math.round(series.getValue()))
			.sum();
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
