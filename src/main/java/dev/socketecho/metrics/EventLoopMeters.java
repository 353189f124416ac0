package dev.socketecho.metrics;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.SingleThreadEventExecutor;

/**
 * Meters of how busy the event loops are, by their number, from 0. While the thread of a
 * loop works for one socket, the loop's other sockets wait. So a loop that uses one
 * second of CPU time per second limits the service, however idle other processors are.
 */
public final class EventLoopMeters implements MeterBinder {

	private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

	private final EventLoopGroup group;

	private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

	/**
	 * Creates an instance.
	 * @param group the event loops, each with a thread of its own
	 */
	public EventLoopMeters(EventLoopGroup group) {
		this.group = group;
	}

	/**
	 * Registers the meters. Starts the threads of the event loops and waits for them, so
	 * it must not be called on one of them.
	 */
	@Override
	public void bindTo(MeterRegistry registry) {
		int number = 0;
		for (EventExecutor executor : this.group) {
			if (executor instanceof SingleThreadEventExecutor loop) {
				Meters meters = new Meters(registry, Tags.of("loop", Integer.toString(number)));
				meters.gauge(EchoMeter.EVENT_LOOP_PENDING_TASKS, loop, SingleThreadEventExecutor::pendingTasks);
				long thread = loop.threadProperties().id();
				meters.functionCounter(EchoMeter.EVENT_LOOP_CPU, Tags.empty(), this, (self) -> self.cpuSeconds(thread));
			}
			number++;
		}
	}

	/**
	 * Returns the CPU time of a thread; 0 if the JVM does not measure it, or if the
	 * thread has ended.
	 */
	private double cpuSeconds(long thread) {
		return this.threads.isThreadCpuTimeSupported()
				? Math.max(this.threads.getThreadCpuTime(thread), 0) / NANOS_PER_SECOND : 0;
	}

}
