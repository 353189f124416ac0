package dev.socketecho.probe;

import java.util.List;

import org.springframework.context.SmartLifecycle;

/**
 * All configured probes of this process. They start after the servers, which may be their
 * targets, and stop before them.
 */
public final class EchoProbes implements SmartLifecycle {

	private static final int PHASE = Integer.MAX_VALUE - 1;

	private final List<EchoProbe> probes;

	private volatile boolean running;

	/**
	 * Creates the registry.
	 * @param probes the probes
	 */
	public EchoProbes(List<EchoProbe> probes) {
		this.probes = List.copyOf(probes);
	}

	/**
	 * Returns the probes.
	 * @return an unmodifiable list
	 */
	public List<EchoProbe> all() {
		return this.probes;
	}

	@Override
	public void start() {
		this.probes.forEach(EchoProbe::start);
		this.running = true;
	}

	@Override
	public void stop() {
		this.probes.forEach(EchoProbe::stop);
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
