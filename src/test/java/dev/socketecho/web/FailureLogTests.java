package dev.socketecho.web;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import dev.socketecho.telemetry.SocketError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests {@link FailureLog}.
 */
class FailureLogTests {

	private final AtomicLong nanos = new AtomicLong();

	private final FailureLog log = new FailureLog(this.nanos::get);

	@Test
	void theNewestFailureIsFirst() {
		this.log.of("server", "tcp", "line").accept(SocketError.CONNECTION_RESET);
		this.log.of("probe", "udp", "far").accept(SocketError.REPLY_TIMED_OUT);
		assertThat(this.log.latest())
			.extracting(FailureLog.Entry::kind, FailureLog.Entry::transport, FailureLog.Entry::name,
					FailureLog.Entry::error, FailureLog.Entry::count)
			.containsExactly(tuple("probe", "udp", "far", "reply_timed_out", 1),
					tuple("server", "tcp", "line", "connection_reset", 1));
	}

	@Test
	void fiftyFailuresAreKept() {
		Consumer<SocketError> probe = this.log.of("probe", "tcp", "far");
		for (int i = 0; i < 3 * FailureLog.SIZE; i++) {
			probe.accept(SocketError.CONNECTION_REFUSED);
			this.nanos.addAndGet(TimeUnit.SECONDS.toNanos(10));
		}
		assertThat(this.log.latest()).hasSize(50)
			.extracting(FailureLog.Entry::id)
			.startsWith(149L, 148L)
			.endsWith(101L, 100L);
	}

	@Test
	void aFloodOfFailuresOfOneKindPushesNoOtherOut() {
		this.log.of("probe", "tcp", "far").accept(SocketError.CONNECTION_REFUSED);
		Consumer<SocketError> server = this.log.of("server", "tcp", "line");
		for (int i = 0; i < 100_000; i++) {
			server.accept(SocketError.CONNECTION_RESET);
		}
		assertThat(this.log.latest()).extracting(FailureLog.Entry::name, FailureLog.Entry::count)
			.containsExactly(tuple("line", 100_000), tuple("far", 1));
	}

	@Test
	void whatFailsAgainLaterIsListedAgain() {
		Consumer<SocketError> client = this.log.of("client", "tcp", "here");
		client.accept(SocketError.REPLY_TIMED_OUT);
		this.nanos.addAndGet(TimeUnit.SECONDS.toNanos(10) - 1);
		client.accept(SocketError.REPLY_TIMED_OUT);
		client.accept(SocketError.CONNECTION_RESET);
		this.nanos.addAndGet(1);
		client.accept(SocketError.REPLY_TIMED_OUT);
		assertThat(this.log.latest()).extracting(FailureLog.Entry::error, FailureLog.Entry::count)
			.containsExactly(tuple("reply_timed_out", 1), tuple("connection_reset", 1), tuple("reply_timed_out", 2));
	}

}
