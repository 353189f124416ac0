package dev.socketecho.metrics;

import java.util.HashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The meters of one server's faults. Faults come and go while the service runs: a fault
 * that is taken away takes its counter with it, so that there are never more counters
 * than faults. The counter of a fault that is set again begins at 0. Thread-safe.
 *
 * @param <F> a fault
 */
public final class FaultMeters<F> {

	private final MeterRegistry registry;

	private final Meters meters;

	private final ToDoubleFunction<F> injected;

	private final Map<String, Registered<F>> registered = new HashMap<>();

	/**
	 * Registers the gauge of a server's faults.
	 * @param registry where the meters are registered
	 * @param server the server's name
	 * @param transport {@code tcp} or {@code udp}
	 * @param injected how often a fault was committed
	 */
	public FaultMeters(MeterRegistry registry, String server, String transport, ToDoubleFunction<F> injected) {
		this.registry = registry;
		this.meters = new Meters(registry, Tags.of("server", server, "transport", transport));
		this.injected = injected;
		this.meters.gauge(EchoMeter.FAULTS_ACTIVE, this, FaultMeters::active);
	}

	private synchronized int active() {
		return this.registered.size();
	}

	/**
	 * Registers the counters of new faults, and removes those of others. A fault that was
	 * there before keeps its counter.
	 * @param faults all faults by their names
	 */
	public synchronized void set(Map<String, F> faults) {
		this.registered.entrySet().removeIf((entry) -> {
			boolean gone = faults.get(entry.getKey()) != entry.getValue().fault();
			if (gone) {
				this.registry.remove(entry.getValue().counter());
			}
			return gone;
		});
		faults.forEach((name, fault) -> this.registered.computeIfAbsent(name, (_) -> new Registered<>(fault,
				this.meters.functionCounter(EchoMeter.FAULTS_INJECTED, Tags.of("fault", name), fault, this.injected))));
	}

	/**
	 * A fault, which the registry does not keep alive, and its counter.
	 */
	private record Registered<F>(F fault, FunctionCounter counter) {
	}

}
