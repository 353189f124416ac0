package dev.socketecho.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.socketecho.outbound.StampSession.Packet;
import dev.socketecho.transport.ClientDatagram;
import dev.socketecho.transport.EventLoops;
import dev.socketecho.transport.NettyUdpClient;
import dev.socketecho.transport.NettyUdpClientSocket;
import dev.socketecho.transport.ProbeRecorder;
import dev.socketecho.transport.SocketError;
import dev.socketecho.transport.UdpClientSettings;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
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

	private @Nullable Round current;

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
			Round round = new Round(new ProbeRound(recorder, this.jitter), done, count, payloadSize);
			this.current = round;
			NettyUdpClientSocket open = this.socket;
			if (open != null) {
				round.start(open, timeout);
				return;
			}
			this.sockets.open(this.eventLoop)
				.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS)
				.whenCompleteAsync((opened, failure) -> opened(round, opened, failure, timeout), this.eventLoop);
		});
		return done;
	}

	private void opened(Round round, @Nullable NettyUdpClientSocket opened, @Nullable Throwable failure,
			Duration timeout) {
		if (opened == null) {
			SocketError error = (failure != null) ? EchoException.errorOf(failure) : SocketError.UNKNOWN;
			this.target.recorder().error(error);
			round.fail(error);
			round.end();
			return;
		}
		if (this.closed) {
			opened.close();
			round.fail(SocketError.OPERATION_ABORTED);
			round.end();
			return;
		}
		this.socket = opened;
		this.session = new StampSession();
		opened.onError((cause) -> broken(SocketError.of(cause)));
		round.start(opened, timeout);
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
		Round round = this.current;
		if (round != null) {
			round.endIfComplete();
		}
	}

	/**
	 * What was altered beyond recognition is taken for the reply to the oldest packet.
	 */
	private void corrupted(@Nullable Packet packet) {
		Round round = this.current;
		Packet victim = (packet != null || round == null) ? packet : round.oldest();
		if (victim != null) {
			victim.giveUp();
			victim.round().corrupted();
			this.target.recorder().error(SocketError.CORRUPTED_REPLY);
		}
	}

	private void broken(SocketError error) {
		this.target.recorder().error(error);
		Round round = this.current;
		if (round != null) {
			round.fail(error);
			round.end();
		}
	}

	@Override
	public void close() {
		this.eventLoop.execute(() -> {
			this.closed = true;
			Round round = this.current;
			if (round != null) {
				round.fail(SocketError.OPERATION_ABORTED);
				round.end();
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

	/**
	 * One round under way.
	 */
	private final class Round {

		private final ProbeRound accounts;

		private final CompletableFuture<ProbeResult> done;

		private final int count;

		private final int payloadSize;

		private final List<Packet> packets = new ArrayList<>();

		private boolean started;

		private @Nullable Future<?> timer;

		Round(ProbeRound accounts, CompletableFuture<ProbeResult> done, int count, int payloadSize) {
			this.accounts = accounts;
			this.done = done;
			this.count = count;
			this.payloadSize = payloadSize;
		}

		void start(NettyUdpClientSocket open, Duration timeout) {
			for (int i = 0; i < this.count; i++) {
				Packet packet = UdpProber.this.session.next(this.payloadSize, this.accounts);
				this.packets.add(packet);
				this.accounts.sent();
				open.send(new ClientDatagram(Unpooled.wrappedBuffer(packet.content()),
						(failure) -> refused(SocketError.of(failure))));
			}
			this.started = true;
			this.timer = UdpProber.this.eventLoop.schedule(() -> {
				UdpProber.this.target.recorder().error(SocketError.REPLY_TIMED_OUT);
				end();
			}, timeout.toNanos(), TimeUnit.NANOSECONDS);
			open.flush();
		}

		@Nullable Packet oldest() {
			return this.packets.stream().filter(Packet::isOutstanding).findFirst().orElse(null);
		}

		/**
		 * The kernel did not take a datagram. The others of the round are not waited for.
		 */
		private void refused(SocketError error) {
			UdpProber.this.target.recorder().error(error);
			fail(error);
			UdpProber.this.eventLoop.execute(this::end);
		}

		void fail(SocketError error) {
			this.accounts.failed(error);
		}

		void endIfComplete() {
			if (this.started && oldest() == null) {
				end();
			}
		}

		void end() {
			if (this.done.isDone()) {
				return;
			}
			Future<?> pending = this.timer;
			if (pending != null) {
				pending.cancel(false);
			}
			for (Packet packet : this.packets) {
				if (packet.isOutstanding()) {
					packet.giveUp();
					this.accounts.lost();
				}
			}
			UdpProber.this.current = null;
			ProbeResult result = this.accounts.end();
			if (!result.isUp()) {
				closeSocket();
			}
			this.done.complete(result);
		}

	}

}
