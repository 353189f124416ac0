package dev.socketecho.probe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.client.EchoException;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import org.jspecify.annotations.Nullable;

/**
 * Probes over TCP. Each round makes its own connection, so that it measures what a new
 * caller would see, and sends its messages one after the other.
 */
final class TcpProber implements Prober {

	private final ProbeTarget.Tcp target;

	private final EventLoops eventLoops;

	private final Jitter jitter = new Jitter();

	private volatile @Nullable TcpEchoClient current;

	TcpProber(ProbeTarget.Tcp target, EventLoops eventLoops) {
		this.target = target;
		this.eventLoops = eventLoops;
	}

	@Override
	public CompletableFuture<ProbeResult> round(int count, Duration timeout, int payloadSize, ProbeRecorder recorder) {
		RoundStatistics round = new RoundStatistics(recorder, this.jitter);
		TcpEchoClient client = new TcpEchoClient(this.target.roundSettings(timeout), this.eventLoops,
				this.target.recorder())
			.startWithoutFlow();
		this.current = client;
		long start = System.nanoTime();
		return client.connect().thenCompose((_) -> {
			round.connected(Duration.ofNanos(System.nanoTime() - start));
			return sendNext(client, round, 0, count, payloadSize, timeout.minusNanos(System.nanoTime() - start));
		}).handle((_, failure) -> {
			client.close();
			if (failure != null) {
				round.failed(EchoException.errorOf(failure));
			}
			return round.end();
		});
	}

	private CompletableFuture<Void> sendNext(TcpEchoClient client, RoundStatistics round, int sequence, int count,
			int payloadSize, Duration limit) {
		if (sequence == count) {
			return CompletableFuture.completedFuture(null);
		}
		round.sent();
		return client.send(ProbePayload.of(sequence, payloadSize), limit).handle((reply, failure) -> {
			if (failure == null) {
				round.received(reply.roundTrip());
				return true;
			}
			SocketError error = EchoException.errorOf(failure);
			if (error == SocketError.CORRUPTED_REPLY) {
				round.corrupted();
			}
			else {
				round.lost();
			}
			round.failed(error);
			return false;
		})
			.thenCompose((goOn) -> goOn
					? sendNext(client, round, sequence + 1, count, payloadSize, client.settings().replyTimeout())
					: CompletableFuture.completedFuture(null));
	}

	@Override
	public void close() {
		TcpEchoClient client = this.current;
		if (client != null) {
			client.close();
		}
	}

}
