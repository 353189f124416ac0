package dev.socketecho.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;

/**
 * Loads a line server on the loopback address: {@code ClientLoad PORT SEQUENTIAL TOTAL}
 * sends SEQUENTIAL messages one after the other, then TOTAL with 1,000 outstanding.
 */
final class ClientLoad {

	private static final int OUTSTANDING = 1000;

	private ClientLoad() {
	}

	public static void main(String[] args) throws Exception {
		EventLoops eventLoops = new EventLoops(TransportType.AUTO, 1, "load");
		FramingSpec framing = new FramingSpec(Framing.LINE, null, 1024 * 1024, false);
		TcpEchoClient client = new TcpEchoClient(
				new TcpEchoClientSettings(
						new TcpClientSettings("load", "127.0.0.1", Integer.parseInt(args[0]), framing,
								Duration.ofSeconds(5), null, 0, SocketOptions.DEFAULTS),
						Duration.ofSeconds(5), 1, false),
				eventLoops, ClientRecorder.none())
			.startWithoutFlow();
		int sequential = Integer.parseInt(args[1]);
		long start = System.nanoTime();
		int right = 0;
		for (int i = 0; i < sequential; i++) {
			byte[] message = message(i);
			right += Arrays.equals(client.send(message).get().message(), message) ? 1 : 0;
		}
		report("sequential", right, sequential, start);
		int total = Integer.parseInt(args[2]);
		Semaphore outstanding = new Semaphore(OUTSTANDING);
		LongAdder equal = new LongAdder();
		start = System.nanoTime();
		for (int i = 0; i < total; i++) {
			outstanding.acquire();
			byte[] message = message(i);
			CompletableFuture<EchoReply> reply = client.send(message);
			reply.whenComplete((echoed, failure) -> {
				if (failure == null && Arrays.equals(echoed.message(), message)) {
					equal.increment();
				}
				outstanding.release();
			});
		}
		outstanding.acquire(OUTSTANDING);
		report("1000 outstanding", equal.intValue(), total, start);
		client.close();
		eventLoops.close();
	}

	private static byte[] message(int number) {
		return "%064d".formatted(number).getBytes(StandardCharsets.US_ASCII);
	}

	private static void report(String what, int right, int total, long start) {
		double seconds = (System.nanoTime() - start) / 1e9;
		System.out.printf("%s: %d of %d right in %.2f s, %.0f a second%n", what, right, total, seconds,
				total / seconds);
	}

}
