package dev.socketecho.transport.tcp.accept;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link ConnectionAdmission}, with a clock of their own.
 */
class ConnectionAdmissionTests {

	private static final long SECOND = 1_000_000_000L;

	private static final InetAddress ONE = address(1);

	private static final InetAddress TWO = address(2);

	/** Near the overflow, which {@code System.nanoTime()} may be. */
	private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND / 2);

	@Test
	void letsAllInWithoutLimits() {
		ConnectionAdmission admission = admission(0, 0, 0);
		for (int i = 0; i < 10_000; i++) {
			assertThat(admission.admit(ONE)).isNull();
		}
		assertThat(admission.open()).isEqualTo(10_000);
		assertThat(admission.sources()).isZero();
	}

	@Test
	void limitsOpenConnections() {
		ConnectionAdmission admission = admission(2, 0, 0);
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(TWO)).isNull();
		assertThat(admission.admit(ONE)).isEqualTo(CloseReason.MAX_CONNECTIONS);
		assertThat(admission.open()).isEqualTo(2);
		admission.release(TWO);
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(ONE)).isEqualTo(CloseReason.MAX_CONNECTIONS);
	}

	@Test
	void limitsOpenConnectionsOfEachSource() {
		ConnectionAdmission admission = admission(0, 2, 0);
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(ONE)).isEqualTo(CloseReason.MAX_CONNECTIONS_PER_SOURCE);
		assertThat(admission.admit(TWO)).isNull();
		admission.release(ONE);
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(ONE)).isEqualTo(CloseReason.MAX_CONNECTIONS_PER_SOURCE);
	}

	@Test
	void doesNotCountConnectionOfSourceThatTheOtherLimitTurnsAway() {
		ConnectionAdmission admission = admission(1, 1, 0);
		assertThat(admission.admit(ONE)).isNull();
		assertThat(admission.admit(TWO)).isEqualTo(CloseReason.MAX_CONNECTIONS);
		admission.release(ONE);
		assertThat(admission.admit(TWO)).isNull();
	}

	@Test
	void forgetsSourcesWithoutConnection() {
		ConnectionAdmission admission = admission(0, 5, 0);
		for (int i = 0; i < 200; i++) {
			assertThat(admission.admit(address(i))).isNull();
			assertThat(admission.admit(address(i))).isNull();
		}
		assertThat(admission.sources()).isEqualTo(200);
		for (int i = 0; i < 200; i++) {
			admission.release(address(i));
		}
		assertThat(admission.sources()).isEqualTo(200);
		for (int i = 0; i < 200; i++) {
			admission.release(address(i));
		}
		assertThat(admission.sources()).isZero();
		assertThat(admission.open()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 7, 1000 })
	void letsAsManyInAtOnceAsMayComeInOneSecond(int rate) {
		ConnectionAdmission admission = admission(0, 0, rate);
		assertThat(admitted(admission, rate + 10)).isEqualTo(rate);
		assertThat(admission.admit(ONE)).isEqualTo(CloseReason.ACCEPT_RATE);
		assertThat(admission.open()).isEqualTo(rate);
	}

	@ParameterizedTest
	@CsvSource({ "1, 60", "10, 60", "7, 60", "1000, 5" })
	void letsNoMoreInThanTheRateInTheLongRun(int rate, int seconds) {
		ConnectionAdmission admission = admission(0, 0, rate);
		int admitted = admitted(admission, rate * 2);
		for (int step = 0; step < seconds * 20; step++) {
			this.clock.addAndGet(SECOND / 20);
			admitted += admitted(admission, rate);
		}
		// All of the first second at once, then the rate
		assertThat(admitted).isBetween(rate * seconds, rate * (seconds + 1) + 1);
	}

	@Test
	void sourceOverItsLimitTakesNoShareOfTheRateThatIsNamedLate() {
		ConnectionAdmission admission = admission(0, 1, 2);
		assertThat(admission.admit()).isNull();
		assertThat(admission.enter(ONE)).isNull();
		for (int i = 0; i < 5; i++) {
			assertThat(admission.admit()).isNull();
			assertThat(admission.enter(ONE)).isEqualTo(CloseReason.MAX_CONNECTIONS_PER_SOURCE);
			admission.release();
		}
		assertThat(admission.enter(TWO)).isNull();
		assertThat(admission.enter(address(3))).isEqualTo(CloseReason.ACCEPT_RATE);
		assertThat(admission.sources()).isEqualTo(2);
	}

	@Test
	void savesNoMoreThanOneSecondUp() {
		ConnectionAdmission admission = admission(0, 0, 10);
		this.clock.addAndGet(3600 * SECOND);
		assertThat(admitted(admission, 100)).isEqualTo(10);
		this.clock.addAndGet(SECOND);
		assertThat(admitted(admission, 100)).isEqualTo(10);
	}

	@Test
	void takesNothingFromTheAllowanceForConnectionThatTheRateTurnedAway() {
		ConnectionAdmission admission = admission(0, 0, 1);
		assertThat(admission.admit(ONE)).isNull();
		for (int i = 0; i < 99; i++) {
			this.clock.addAndGet(SECOND / 100);
			assertThat(admission.admit(ONE)).isEqualTo(CloseReason.ACCEPT_RATE);
		}
		this.clock.addAndGet(SECOND / 100);
		assertThat(admission.admit(ONE)).isNull();
	}

	@Test
	void rejectsNegativeLimits() {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionLimits(-1, 0, 0))
			.withMessageContaining("maxConnections: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionLimits(0, -1, 0))
			.withMessageContaining("maxConnectionsPerSource: -1");
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectionLimits(0, 0, -1))
			.withMessageContaining("maxAcceptsPerSecond: -1");
	}

	private static int admitted(ConnectionAdmission admission, int attempts) {
		int admitted = 0;
		for (int i = 0; i < attempts; i++) {
			if (admission.admit(ONE) == null) {
				admitted++;
			}
		}
		return admitted;
	}

	private ConnectionAdmission admission(int maxConnections, int perSource, int rate) {
		return new ConnectionAdmission(new ConnectionLimits(maxConnections, perSource, rate), this.clock::get);
	}

	private static InetAddress address(int last) {
		try {
			return InetAddress.getByAddress(new byte[] { 10, 0, 0, (byte) last });
		}
		catch (java.net.UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
