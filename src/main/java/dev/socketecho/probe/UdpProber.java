package dev.socketecho.probe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.client.EchoException;
import dev.socketecho.telemetry.ProbeRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.Backoff;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.UdpClientSockets;
import dev.socketecho.transport.udp.UdpClientSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Probes over UDP. The socket stays open between rounds, so that late and duplicated
 * replies are recognised. After a round without any reply the socket is opened again, and
 * the host looked up again. After a lookup that failed there is a back-off; the rounds in
 * that time fail with the same error.
 * <p>
 * {@link #round} and {@link #close} may be called on any thread; the rest runs on one
 * event loop.
 */
final class UdpProber implements Prober {

	private final UdpClientSockets sockets;

	private final ProbeTarget.Udp target;

	private final EventLoop eventLoop;

	private final Jitter jitter = new Jitter();

	private StampSession session;

	private OneWayDelays oneWay;

	private @Nullable UdpClientSocket socket;

	private @Nullable UdpProbeRound current;

	private ProbeRecorder recorder = ProbeRecorder.none();

	private @Nullable CompletableFuture<UdpClientSocket> opening;

	private final Backoff lookups = new Backoff();

	private long nextLookupNanos = System.nanoTime();

	private SocketError lookupError = SocketError.UNKNOWN;

	private boolean closed;

	UdpProber(ProbeTarget.Udp target, EventLoops eventLoops) {
		this.target = target;
		this.session = new StampSession(target.protocol());
		this.oneWay = new OneWayDelays(target.protocol());
		this.sockets = new UdpClientSockets(target.proberSettings(), eventLoops, target.recorder());
		this.sockets.receiveWith(this::received);
		this.eventLoop = eventLoops.next();
	}

	@Override
	public CompletableFuture<ProbeResult> round(int count, Duration timeout, int payloadSize, ProbeRecorder recorder) {
		CompletableFuture<ProbeResult> done = new CompletableFuture<>();
		UdpProbeRound round = new UdpProbeRound(new UdpProbeRound.Settings(count, timeout, payloadSize),
				new RoundStatistics(recorder, this.jitter), this.target.recorder(), this.eventLoop, done, this::ended);
		this.eventLoop.execute(() -> round.run(() -> begin(round, recorder)));
		return done;
	}

	private void begin(UdpProbeRound round, ProbeRecorder newRecorder) {
		this.recorder = newRecorder;
		this.current = round;
		UdpClientSocket open = this.socket;
		if (this.closed) {
			round.fail(SocketError.OPERATION_ABORTED);
		}
		else if (open != null) {
			round.start(open, this.session);
		}
		else if (System.nanoTime() - this.nextLookupNanos < 0) {
			round.fail(this.lookupError);
		}
		else {
			open(round);
		}
	}

	private void open(UdpProbeRound round) {
		CompletableFuture<UdpClientSocket> pending = this.sockets.open(this.eventLoop, round.settings().timeout());
		this.opening = pending;
		pending.whenComplete((opened, failure) -> round.run(() -> {
			this.opening = null;
			if (opened != null) {
				this.lookups.reset();
				use(opened, round);
			}
			else {
				notOpened((failure != null) ? EchoException.errorOf(failure) : SocketError.UNKNOWN, round);
			}
		}));
	}

	private void use(UdpClientSocket opened, UdpProbeRound round) {
		this.socket = opened;
		this.session = new StampSession(this.target.protocol());
		this.oneWay = new OneWayDelays(this.target.protocol());
		opened.onError((cause) -> broken(SocketError.of(cause)));
		round.start(opened, this.session);
	}

	private void notOpened(SocketError error, UdpProbeRound round) {
		if (!this.closed) {
			this.target.recorder().error(error);
		}
		this.lookups.failed();
		this.lookupError = error;
		this.nextLookupNanos = System.nanoTime() + this.lookups.delay().toNanos();
		round.fail(error);
	}

	private void ended(@Nullable ProbeResult result) {
		this.current = null;
		if (result != null) {
			this.oneWay.endRound(this.recorder);
		}
		if (result == null || !result.isUp()) {
			closeSocket();
		}
	}

	private void received(ByteBuf content) {
		StampSession.Arrival arrival = this.session.received(content, System.nanoTime());
		ProbePacket packet = arrival.packet();
		if (arrival.sample() != null) {
			this.oneWay.answered(arrival.sample(), arrival.kind() == StampSession.Kind.RECEIVED);
		}
		switch (arrival.kind()) {
			case RECEIVED -> {
				if (packet != null) {
					packet.round().received(packet.roundTrip());
					this.target.recorder().roundTrip(packet.roundTrip());
				}
				if (arrival.reordered()) {
					this.recorder.reordered();
				}
			}
			case CORRUPTED -> corrupted(packet);
			case DUPLICATED -> this.recorder.duplicated();
			case LATE -> {
			}
		}
		UdpProbeRound round = this.current;
		if (round != null) {
			round.endIfComplete();
		}
	}

	/**
	 * A reply that is corrupted beyond recognition counts for the oldest packet.
	 */
	private void corrupted(@Nullable ProbePacket packet) {
		UdpProbeRound round = this.current;
		ProbePacket victim = (packet != null || round == null) ? packet : round.oldest();
		if (victim != null) {
			victim.giveUp();
			victim.round().corrupted();
			this.target.recorder().error(SocketError.CORRUPTED_REPLY);
		}
	}

	private void broken(SocketError error) {
		this.target.recorder().error(error);
		UdpProbeRound round = this.current;
		if (round != null) {
			round.fail(error);
		}
	}

	@Override
	public void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			UdpProbeRound round = this.current;
			if (round != null) {
				round.fail(SocketError.OPERATION_ABORTED);
			}
			CompletableFuture<UdpClientSocket> pending = this.opening;
			if (pending != null) {
				pending.cancel(false);
			}
			closeSocket();
		});
	}

	private void closeSocket() {
		UdpClientSocket open = this.socket;
		if (open != null) {
			this.socket = null;
			open.close();
		}
	}

}
