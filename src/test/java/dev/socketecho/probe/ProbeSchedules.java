package dev.socketecho.probe;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

import dev.socketecho.telemetry.ProbeRecorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What holds for the schedule of any probe.
 */
final class ProbeSchedules {

	private ProbeSchedules() {
	}

	static void assertStartsAgainAfterAStop(EchoProbe probe, ProbeRecording recording) {
		EchoProbes probes = new EchoProbes(List.of(probe));
		for (int i = 0; i < 3; i++) {
			int before = recording.received.get();
			probes.start();
			await().untilAsserted(() -> assertThat(recording.received.get()).isGreaterThan(before + 2));
			assertThat(probe.status()).isNotNull().satisfies((status) -> assertThat(status.result().isUp()).isTrue());
			probes.stop();
		}
	}

	/**
	 * Runs a probe whose recorder throws an error twice.
	 * @param where the recorder's method
	 * @param recording what is told after that
	 * @param probe makes the probe of its recorder
	 */
	static void assertOutlivesThrowable(String where, ProbeRecording recording,
			Function<ProbeRecorder, EchoProbe> probe) {
		AtomicInteger thrown = new AtomicInteger();
		ProbeRecorder throwing = (ProbeRecorder) Proxy.newProxyInstance(ProbeRecorder.class.getClassLoader(),
				new Class<?>[] { ProbeRecorder.class }, (_, method, arguments) -> {
					if (method.getName().equals(where) && thrown.get() < 2) {
						thrown.incrementAndGet();
						throw new OutOfMemoryError("thrown by a test");
					}
					try {
						return method.invoke(recording, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		EchoProbes probes = new EchoProbes(List.of(probe.apply(throwing)));
		probes.start();
		await().untilAsserted(() -> assertThat(thrown).hasValue(2));
		int before = recording.received.get();
		await().untilAsserted(() -> assertThat(recording.received.get()).isGreaterThan(before + 3));
		assertThat(recording.up).hasValue(1);
		probes.stop();
	}

}
