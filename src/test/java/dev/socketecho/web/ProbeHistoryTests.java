package dev.socketecho.web;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link ProbeHistory}.
 */
class ProbeHistoryTests {

	private final List<SocketError> failures = new ArrayList<>();

	private final ProbeHistory history = new ProbeHistory(4, ProbeRecorder.none(), this.failures::add);

	@Test
	void aRoundIsWhatHappenedInIt() {
		round(List.of(300, 100, 200), 1, SocketError.REPLY_TIMED_OUT);
		round(List.of(50), 0, null);
		ProbeHistory.Summary summary = this.history.summary();
		assertThat(summary.rounds()).usingRecursiveFieldByFieldElementComparatorIgnoringFields("at")
			.containsExactly(new ProbeHistory.Round(0, 0, true, 4, 1, 0, 200, "reply_timed_out"),
					new ProbeHistory.Round(1, 0, true, 1, 0, 0, 50, null));
		assertThat(summary.loss()).isEqualTo(0.2);
		assertThat(summary.medianMicros()).isEqualTo(100);
		assertThat(summary.p99Micros()).isEqualTo(300);
		assertThat(summary.jitterMicros()).isEqualTo(7);
		assertThat(this.failures).containsExactly(SocketError.REPLY_TIMED_OUT);
	}

	@Test
	void aRoundWithoutAConnectionHasNoFigures() {
		this.history.error(SocketError.CONNECTION_REFUSED);
		this.history.up(false);
		ProbeHistory.Summary summary = this.history.summary();
		assertThat(summary.rounds()).singleElement().satisfies((round) -> {
			assertThat(round.up()).isFalse();
			assertThat(round.medianMicros()).isNull();
			assertThat(round.error()).isEqualTo("connection_refused");
		});
		assertThat(summary.loss()).isNull();
		assertThat(summary.p99Micros()).isNull();
	}

	@Test
	void theLast120RoundsAreKept() {
		for (int i = 0; i < 1000; i++) {
			round(List.of(i, i, i, i), 0, null);
		}
		ProbeHistory.Summary summary = this.history.summary();
		assertThat(summary.rounds()).hasSize(120).extracting(ProbeHistory.Round::id).startsWith(880L).endsWith(999L);
		assertThat(summary.medianMicros()).isEqualTo(939);
		assertThat(summary.p99Micros()).isEqualTo(998);
	}

	@Test
	void manyMessagesOfARoundAreBounded() {
		ProbeHistory large = new ProbeHistory(1000, ProbeRecorder.none(), this.failures::add);
		for (int i = 0; i < 20; i++) {
			for (int j = 0; j < 1000; j++) {
				large.received(Duration.ofMillis(i), Duration.ZERO);
			}
			large.up(true);
		}
		// The round trips of the last twelve rounds: 8 to 19 ms
		assertThat(large.summary().medianMicros()).isEqualTo(13_000);
	}

	@Test
	void aSummaryIsMadeOnceARound() {
		round(List.of(1), 0, null);
		assertThat(this.history.summary()).isSameAs(this.history.summary());
		ProbeHistory.Summary before = this.history.summary();
		round(List.of(2), 0, null);
		assertThat(this.history.summary().rounds()).hasSize(2);
		assertThat(before.rounds()).hasSize(1);
	}

	@Test
	void theMetersHearEverything() throws ReflectiveOperationException {
		List<String> heard = new ArrayList<>();
		ProbeRecorder meters = (ProbeRecorder) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { ProbeRecorder.class }, (_, method, _) -> heard.add(method.getName()) ? null : null);
		ProbeHistory between = new ProbeHistory(1, meters, (_) -> {
		});
		List<Method> methods = Stream.of(ProbeRecorder.class.getMethods())
			.filter((method) -> !Modifier.isStatic(method.getModifiers()))
			.toList();
		for (Method method : methods) {
			method.invoke(between, Stream.of(method.getParameterTypes()).map(ProbeHistoryTests::value).toArray());
		}
		assertThat(heard).containsExactlyInAnyOrderElementsOf(methods.stream().map(Method::getName).toList());
	}

	private static Object value(Class<?> type) {
		if (type == boolean.class) {
			return true;
		}
		if (type == long.class) {
			return 1L;
		}
		if (type == int.class) {
			return 1;
		}
		return (type == Duration.class) ? Duration.ofMillis(1) : SocketError.UNKNOWN;
	}

	private void round(List<Integer> micros, int lost, SocketError error) {
		for (int roundTrip : micros) {
			this.history.sent();
			this.history.received(Duration.ofNanos(roundTrip * 1000L), Duration.ofNanos(7000));
		}
		for (int i = 0; i < lost; i++) {
			this.history.sent();
			this.history.lost();
		}
		if (error != null) {
			this.history.error(error);
		}
		this.history.up(!micros.isEmpty());
	}

}
