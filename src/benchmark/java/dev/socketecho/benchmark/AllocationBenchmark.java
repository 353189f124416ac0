package dev.socketecho.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.VirtualMachine;

import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Bytes that the servers' JVMs allocate on their heaps per message, exactly, as their
 * threads count them. The allocations of RMI, which measures, are left out.
 */
final class AllocationBenchmark {

	private AllocationBenchmark() {
	}

	static void run() throws Exception {
		List<String> lines = new ArrayList<>();
		try (Servers servers = Servers.start(List.of(Subject.plain(), Peers.netty(), Peers.vertx(), Peers.stock("net"),
				Peers.stock("nio"), Peers.webSocketNetty(), Subject.webSocket()))) {
			for (Load load : Benchmark.loads()) {
				for (RunningPeer peer : servers.running()) {
					for (String framing : peer.ports().keySet().stream().sorted().toList()) {
						lines.add(line(load, peer, framing));
						System.out.println(lines.getLast());
					}
				}
			}
		}
		System.out.println();
		System.out.println(
				"| load (connections x bytes x outstanding) | server | framing | messages/s | bytes allocated/message |");
		System.out.println("|---|---|---|--:|--:|");
		lines.forEach(System.out::println);
	}

	private static String line(Load load, RunningPeer peer, String framing) throws Exception {
		try (JMXConnector connector = attach(peer.handle())) {
			MBeanServerConnection connection = connector.getMBeanServerConnection();
			ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(connection,
					ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
			try (ClosedLoop loop = loop(load, peer, framing)) {
				loop.run(Benchmark.warmup(), peer.cpuMeter());
			}
			List<Double> perMessage = new ArrayList<>();
			double rate = 0;
			for (int round = 0; round < Benchmark.rounds(); round++) {
				try (ClosedLoop loop = loop(load, peer, framing)) {
					Figures figures = loop.run(Benchmark.seconds(), () -> allocated(threads));
					perMessage.add(figures.cost());
					rate = figures.perSecond();
				}
			}
			return String.format(Locale.ROOT, "| %s | %s | %s | %,.0f | %,.1f |", load, peer.title(framing), framing,
					rate, Median.of(perMessage, Double::doubleValue));
		}
	}

	private static ClosedLoop loop(Load load, RunningPeer peer, String framing) throws IOException {
		return new ClosedLoop(List.of(peer.port(framing)), load, Wire.of(framing, load));
	}

	private static JMXConnector attach(ProcessHandle process) throws Exception {
		VirtualMachine machine = VirtualMachine.attach(Long.toString(process.pid()));
		try {
			return JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()), Map.of());
		}
		finally {
			machine.detach();
		}
	}

	private static double allocated(ThreadMXBean threads) {
		long[] ids = threads.getAllThreadIds();
		long[] bytes = threads.getThreadAllocatedBytes(ids);
		ThreadInfo[] infos = threads.getThreadInfo(ids);
		double sum = 0;
		for (int i = 0; i < ids.length; i++) {
			ThreadInfo info = infos[i];
			if (info != null && !info.getThreadName().startsWith("RMI ") && !info.getThreadName().startsWith("JMX ")) {
				sum += bytes[i];
			}
		}
		return sum;
	}

}
