package dev.socketecho.stamp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link StampSessions}.
 */
class StampSessionsTests {

	private static final long TIMEOUT = 900_000_000_000L;

	private static final InetSocketAddress SOURCE = new InetSocketAddress("192.0.2.1", 1000);

	private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - TIMEOUT);

	private final StampSessions sessions = new StampSessions(3, TIMEOUT, this.now::get);

	@Test
	void countsThePacketsOfEachSessionFromZero() {
		for (int i = 0; i < 3; i++) {
			assertThat(this.sessions.count(SOURCE, LOCAL, 1)).isEqualTo(new StampCounts(i, i + 1, i + 1));
		}
		assertThat(this.sessions.count(SOURCE, LOCAL, 2)).isEqualTo(new StampCounts(0, 1, 1));
		assertThat(this.sessions.count(SOURCE, null, 1)).isEqualTo(new StampCounts(0, 1, 1));
		assertThat(this.sessions.count(SOURCE, LOCAL, 1)).isEqualTo(new StampCounts(3, 4, 4));
		assertThat(this.sessions.size()).isEqualTo(3);
	}

	@Test
	void addressAndPortAreOfTheSession() {
		this.sessions.count(SOURCE, LOCAL, 1);
		assertThat(sequence(new InetSocketAddress("192.0.2.1", 1001), 1)).isZero();
		assertThat(sequence(new InetSocketAddress("192.0.2.2", 1000), 1)).isZero();
		assertThat(sequence(SOURCE, 1)).isEqualTo(1);
	}

	@Test
	void sessionIsForgottenAfterTheTimeout() {
		this.sessions.count(SOURCE, LOCAL, 1);
		this.now.addAndGet(TIMEOUT);
		assertThat(sequence(SOURCE, 1)).isEqualTo(1);
		this.now.addAndGet(TIMEOUT + 1);
		assertThat(sequence(SOURCE, 1)).isZero();
		assertThat(sequence(SOURCE, 1)).isEqualTo(1);
		assertThat(this.sessions.size()).isEqualTo(1);
		this.now.addAndGet(TIMEOUT + 1);
		assertThat(this.sessions.size()).isZero();
	}

	@Test
	void noSessionTakesThePlaceOfAnother() {
		for (int session = 1; session <= 3; session++) {
			assertThat(sequence(SOURCE, session)).isZero();
		}
		assertThat(this.sessions.uncounted()).isZero();
		assertThat(this.sessions.count(SOURCE, LOCAL, 4)).isNull();
		assertThat(this.sessions.uncounted()).isEqualTo(1);
		assertThat(sequence(SOURCE, 1)).isEqualTo(1);
		this.now.addAndGet(TIMEOUT / 2);
		assertThat(sequence(SOURCE, 1)).isEqualTo(2);
		this.now.addAndGet(TIMEOUT / 2 + 1);
		// Two of them are over.
		assertThat(sequence(SOURCE, 4)).isZero();
		assertThat(sequence(SOURCE, 1)).isEqualTo(3);
		assertThat(this.sessions.size()).isEqualTo(2);
	}

	private int sequence(InetSocketAddress source, int session) {
		StampCounts counts = this.sessions.count(source, LOCAL, session);
		assertThat(counts).isNotNull();
		return counts.sequence();
	}

}
