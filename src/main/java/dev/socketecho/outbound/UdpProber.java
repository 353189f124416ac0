package dev.socketecho.outbound;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.outbound.StampSession.Packet;
import dev.socketecho.transport.EventLoops;
import dev.socketecho.transport.NettyUdpClient;
import dev.socketecho.transport.NettyUdpClientSocket;
import dev.socketecho.transport.ProbeRecorder;
import dev.socketecho.transport.SocketError;
import dev.socketecho.transport.UdpClientSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Probes over UDP, on a socket that is kept between rounds, so that what comes late or
 * twice is told apart from what is new. After a round without any reply the socket is
 * opened anew, and the host looked up again.
 */
final class UdpProber implements Prober {

	private final NettyUdpClient sockets;

	private final ProbeTarget.Udp target;

	private final EventLoop eventLoop;

	private final Jitter jitter = new Jitter();

	private StampSession session = new StampSession();

	private @Nullable NettyUdpClientSocket socket;

	private @Nullable UdpProbeRound current;

	private ProbeRecorder recorder = ProbeRecorder.none();

	private boolean closed;

	UdpProber(ProbeTarget.Udp target, EventLoops eventLoops) {
		this.target = target;
		UdpClientSettings settings = target.settings().socket();
		this.sockets = new NettyUdpClient(new UdpClientSettings(settings.name(), settings.host(), settings.port(),
				settings.lookupTimeout(), settings.localAddress(), 0, settings.options()), eventLoops,
				target.recorder());
		this.sockets.receiveWith(this::received);
		this.eventLoop = eventLoops.next();
	}

	@Override
	public CompletableFuture<ProbeResult> round(int count, Duration timeout, int payloadSize, ProbeRecorder recorder) {
		CompletableFuture<ProbeResult> done = new CompletableFuture<>();
		this.eventLoop.execute(() -> {
			this.recorder = recorder;
			UdpProbeRound round = new UdpProbeRound(new ProbeRound(recorder, this.jitter), this.target.recorder(),
					this.eventLoop, done, this::ended);
			this.current = round;
			NettyUdpClientSocket open = this.socket;
			if (open != null) {
				round.start(open, this.session, count, payloadSize, timeout);
				return;
			}
			this.sockets.open(this.eventLoop)
				.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
				.whenCompleteAsync((opened, failure) -> {
					if (use(opened, failure, round)) {
						round.start(opened, this.session, count, payloadSize, timeout);
					}
				}, this.eventLoop);
		});
		return done;
	}

	/**
	 * Takes the socket that was opened for a round, or ends the round.
	 */
	private boolean use(@Nullable NettyUdpClientSocket opened, @Nullable Throwable failure, UdpProbeRound round) {
		if (opened == null) {
			SocketError error = (failure != null) ? EchoException.errorOf(failure) : SocketError.UNKNOWN;
			this.target.recorder().error(error);
			round.fail(error);
			return false;
		}
		if (this.closed) {
			opened.close();
			round.fail(SocketError.OPERATION_ABORTED);
			return false;
		}
		this.socket = opened;
		this.session = new StampSession();
		opened.onError((cause) -> broken(SocketError.of(cause)));
		return true;
	}

	private void ended(ProbeResult result) {
		this.current = null;
		if (!result.isUp()) {
			closeSocket();
		}
	}

	private void received(ByteBuf content) {
		StampSession.Arrival arrival = this.session.received(content, System.nanoTime());
		Packet packet = arrival.packet();
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
	 * What was altered beyond recognition is taken for the reply to the oldest packet.
	 */
	private void corrupted(@Nullable Packet packet) {
		UdpProbeRound round = this.current;
		Packet victim = (packet != null || round == null) ? packet : round.oldest();
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
			closeSocket();
		});
	}

	private void closeSocket() {
		NettyUdpClientSocket open = this.socket;
		if (open != null) {
			this.socket = null;
			open.close();
		}
	}

}
