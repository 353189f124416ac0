package dev.socketecho.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.udp.ClientDatagram;
import dev.socketecho.transport.udp.UdpClientSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One round of {@link UdpProber}. It sends its packets one after the other and ends when
 * each one is answered or given up. A packet is made, with the time in it, when the
 * kernel has taken the one before. Used on one event loop.
 */
final class UdpProbeRound {

	private final Settings settings;

	private final RoundStatistics accounts;

	private final ClientRecorder recorder;

	private final EventLoop eventLoop;

	private final CompletableFuture<ProbeResult> done;

	private final Consumer<@Nullable ProbeResult> whenEnded;

	private final List<ProbePacket> packets = new ArrayList<>();

	private boolean refused;

	private boolean ended;

	private @Nullable Future<?> timer;

	/**
	 * Creates a round.
	 * @param recorder what is told of errors
	 * @param done completes when the round has ended
	 * @param whenEnded called just before that, with {@code null} if the round ended by
	 * an exception
	 */
	UdpProbeRound(Settings settings, RoundStatistics accounts, ClientRecorder recorder, EventLoop eventLoop,
			CompletableFuture<ProbeResult> done, Consumer<@Nullable ProbeResult> whenEnded) {
		this.settings = settings;
		this.accounts = accounts;
		this.recorder = recorder;
		this.eventLoop = eventLoop;
		this.done = done;
		this.whenEnded = whenEnded;
	}

	Settings settings() {
		return this.settings;
	}

	/**
	 * Sends the packets.
	 */
	void start(UdpClientSocket socket, StampSession session) {
		session.beginRound(this.settings.count());
		limitWait();
		sendRest(socket, session);
	}

	private void sendRest(UdpClientSocket socket, StampSession session) {
		while (!this.ended && !this.refused && this.packets.size() < this.settings.count()) {
			CompletableFuture<Void> left = sendNext(socket, session);
			if (!left.isDone()) {
				left.thenRun(() -> run(() -> {
					sendRest(socket, session);
					// The timeout of the replies starts when the last packet was sent.
					limitWait();
				}));
				return;
			}
		}
		endIfComplete();
	}

	private CompletableFuture<Void> sendNext(UdpClientSocket socket, StampSession session) {
		ProbePacket packet = session.next(this.settings.payloadSize(), this.accounts);
		this.packets.add(packet);
		ByteBuf content = Unpooled.wrappedBuffer(packet.content());
		this.accounts.sent();
		packet.sent(System.nanoTime());
		socket.send(new ClientDatagram(content, (failure) -> refused(SocketError.of(failure))));
		return socket.flush();
	}

	private void limitWait() {
		stopTimer();
		if (!this.ended) {
			this.timer = this.eventLoop.schedule(() -> end(() -> this.recorder.error(SocketError.REPLY_TIMED_OUT)),
					this.settings.timeout().toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	@Nullable ProbePacket oldest() {
		return this.packets.stream().filter(ProbePacket::isOutstanding).findFirst().orElse(null);
	}

	/**
	 * The kernel has refused a datagram: the round ends without waiting for the others.
	 */
	private void refused(SocketError error) {
		this.refused = true;
		// Not during the socket's flush: the end of the round may close the socket.
		this.eventLoop.execute(() -> end(() -> {
			this.recorder.error(error);
			this.accounts.failed(error);
		}));
	}

	/**
	 * Ends the round because of an error.
	 */
	void fail(SocketError error) {
		end(() -> this.accounts.failed(error));
	}

	void endIfComplete() {
		if (this.packets.size() == this.settings.count() && oldest() == null) {
			end(() -> {
			});
		}
	}

	/**
	 * Runs a step of the round. If it throws, the round ends, since nothing else would
	 * end it.
	 */
	void run(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException | Error ex) {
			end(() -> {
				throw ex;
			});
		}
	}

	private void end(Runnable reason) {
		if (this.ended) {
			return;
		}
		this.ended = true;
		stopTimer();
		List<ProbePacket> lost = this.packets.stream().filter(ProbePacket::isOutstanding).toList();
		lost.forEach(ProbePacket::giveUp);
		try {
			reason.run();
			lost.forEach((_) -> this.accounts.lost());
			ProbeResult result = this.accounts.end();
			this.whenEnded.accept(result);
			this.done.complete(result);
		}
		catch (RuntimeException | Error ex) {
			this.whenEnded.accept(null);
			this.done.completeExceptionally(ex);
		}
	}

	private void stopTimer() {
		Future<?> pending = this.timer;
		if (pending != null) {
			this.timer = null;
			pending.cancel(false);
		}
	}

	/**
	 * The settings of a round.
	 *
	 * @param count how many packets are sent, at least 1
	 * @param timeout how long the last reply may take
	 * @param payloadSize the length of a packet, in bytes
	 */
	record Settings(int count, Duration timeout, int payloadSize) {
	}

}
