package dev.socketecho.outbound;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.outbound.StampSession.Packet;
import dev.socketecho.transport.ClientDatagram;
import dev.socketecho.transport.ClientRecorder;
import dev.socketecho.transport.NettyUdpClientSocket;
import dev.socketecho.transport.SocketError;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One round of a probe over UDP: packets that leave together, until each is answered or
 * given up. Confined to an event loop.
 */
final class UdpProbeRound {

	private final ProbeRound accounts;

	private final ClientRecorder recorder;

	private final EventLoop eventLoop;

	private final CompletableFuture<ProbeResult> done;

	private final Consumer<ProbeResult> whenEnded;

	private final List<Packet> packets = new ArrayList<>();

	private boolean started;

	private @Nullable Future<?> timer;

	/**
	 * Creates a round.
	 * @param recorder what is told of errors
	 * @param done completes when the round has ended
	 * @param whenEnded called just before that
	 */
	UdpProbeRound(ProbeRound accounts, ClientRecorder recorder, EventLoop eventLoop,
			CompletableFuture<ProbeResult> done, Consumer<ProbeResult> whenEnded) {
		this.accounts = accounts;
		this.recorder = recorder;
		this.eventLoop = eventLoop;
		this.done = done;
		this.whenEnded = whenEnded;
	}

	/**
	 * Sends the packets.
	 */
	void start(NettyUdpClientSocket socket, StampSession session, int count, int payloadSize, Duration timeout) {
		for (int i = 0; i < count; i++) {
			Packet packet = session.next(payloadSize, this.accounts);
			this.packets.add(packet);
			this.accounts.sent();
			socket.send(new ClientDatagram(Unpooled.wrappedBuffer(packet.content()),
					(failure) -> refused(SocketError.of(failure))));
		}
		this.started = true;
		this.timer = this.eventLoop.schedule(() -> {
			this.recorder.error(SocketError.REPLY_TIMED_OUT);
			end();
		}, timeout.toNanos(), TimeUnit.NANOSECONDS);
		socket.flush();
	}

	@Nullable Packet oldest() {
		return this.packets.stream().filter(Packet::isOutstanding).findFirst().orElse(null);
	}

	/**
	 * The kernel did not take a datagram. The others of the round are not waited for.
	 */
	private void refused(SocketError error) {
		this.recorder.error(error);
		this.accounts.failed(error);
		this.eventLoop.execute(this::end);
	}

	/**
	 * Ends the round because of an error.
	 */
	void fail(SocketError error) {
		this.accounts.failed(error);
		end();
	}

	void endIfComplete() {
		if (this.started && oldest() == null) {
			end();
		}
	}

	private void end() {
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
		ProbeResult result = this.accounts.end();
		this.whenEnded.accept(result);
		this.done.complete(result);
	}

}
