package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.socketecho.fault.FaultSet;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;

/**
 * One socket of a UDP server, between the event loop and the flow. The event loop calls
 * {@link #readable} and {@link #writable}. {@link UdpInput} receives a burst of datagrams
 * and hands each to the flow, which ends in {@link #send}. {@link UdpOutput} then sends
 * the answers of the burst together. {@link UdpSocketEnd} closes the socket.
 * <p>
 * While the socket has no room for answers, nothing is received. So no queue grows here:
 * the kernel's receive buffer fills, and the kernel drops datagrams and counts them.
 * <p>
 * Confined to its event loop, except for the methods that say otherwise. The event loop
 * would end on an error, so none leaves this class.
 */
final class UdpServerSocket implements UdpSocket.Listener {

	private final UdpSocket socket;

	private final IoEventLoop eventLoop;

	private final UdpDrops drops;

	private final UdpInput input;

	private final UdpOutput output;

	private final UdpSocketEnd end;

	private final UdpFaults faults;

	/** What the socket is watched for. */
	private UdpSocket.Interest watched = UdpSocket.Interest.DATAGRAMS;

	private boolean closed;

	/**
	 * Creates a server socket, which receives nothing before {@link #open}.
	 * @param socket the bound socket, which this closes at its end
	 * @param eventLoop the event loop that calls this
	 * @param settings the server's settings
	 * @param admission which datagrams are answered
	 * @param recorder is told of the traffic
	 * @param drops is told of datagrams that are not answered
	 * @param flow gets each datagram, on the event loop
	 */
	UdpServerSocket(UdpSocket socket, IoEventLoop eventLoop, UdpServerSettings settings, UdpAdmission admission,
			UdpServerRecorder recorder, UdpDrops drops, Consumer<Datagram> flow) {
		this.socket = socket;
		this.eventLoop = eventLoop;
		this.drops = drops;
		this.input = new UdpInput(this, socket, eventLoop, settings, admission, recorder, drops);
		this.output = new UdpOutput(socket, recorder, drops,
				(settings.timedAnswers() != null) ? settings.timedAnswers().finisher() : null);
		this.faults = new UdpFaults(eventLoop, flow, this.output, drops, this::faultsHavePassed);
		this.end = new UdpSocketEnd(this, this.input, eventLoop);
	}

	/**
	 * Replaces the faults. Any thread.
	 * @return completes when that is done
	 */
	CompletableFuture<Void> setFaults(FaultSet next) {
		return this.faults.set(next);
	}

	/**
	 * Faults have passed on datagrams that they held.
	 */
	private void faultsHavePassed() {
		flush();
		this.end.faultsHavePassed();
	}

	/**
	 * Starts to receive. Any thread.
	 */
	Future<?> open() {
		return this.socket.attach(this.eventLoop, this);
	}

	/**
	 * Returns where the socket is bound. Any thread.
	 */
	InetSocketAddress localAddress() {
		return this.socket.localAddress();
	}

	/**
	 * Returns how many datagrams the kernel has dropped because its receive buffer was
	 * full. Any thread.
	 */
	long kernelDrops() {
		return this.socket.kernelDrops();
	}

	@Override
	public void readable() {
		if (!this.end.hasReceivedAll()) {
			this.input.receiveBursts();
		}
	}

	@Override
	public void writable() {
		if (this.closed) {
			return;
		}
		try {
			flush();
			this.end.writable();
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
	}

	/**
	 * Tells the event loop which event of the socket to report: room for answers while
	 * some are queued, nothing during a pause or at the end of a drain, otherwise
	 * datagrams. Called whenever that may have changed.
	 */
	void watch() {
		UdpSocket.Interest interest = this.output.isBlocked() ? UdpSocket.Interest.ROOM
				: (this.input.isPaused() || this.end.hasReceivedAll()) ? UdpSocket.Interest.NOTHING
						: UdpSocket.Interest.DATAGRAMS;
		if (interest != this.watched && !this.closed) {
			this.watched = interest;
			this.socket.watch(interest);
		}
	}

	/**
	 * Sends a datagram. Any thread. During a burst it is queued, and sent at the end of
	 * the burst. If it cannot be sent, it is released and counted as dropped.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void send(ByteBuf content, Peer peer, int port) {
		if (this.eventLoop.inEventLoop()) {
			sendNow(content, peer, port);
			return;
		}
		try {
			this.eventLoop.execute(() -> sendNow(content, peer, port));
		}
		catch (RejectedExecutionException ex) {
			this.drops.notSent(content, peer);
		}
	}

	private void sendNow(ByteBuf content, Peer peer, int port) {
		if (this.closed) {
			this.drops.notSent(content, peer);
			return;
		}
		this.faults.send(content, peer, port);
		if (!this.input.isReceiving()) {
			flush();
		}
	}

	/**
	 * Hands a datagram that was admitted to the flow. The caller keeps its reference.
	 */
	void receive(Datagram datagram) {
		this.faults.receive(datagram);
	}

	/**
	 * Sends the answers that are queued.
	 */
	void flush() {
		this.output.flush();
		watch();
	}

	/**
	 * Returns whether faults hold datagrams that are to pass later.
	 */
	boolean isHolding() {
		return this.faults.isHolding();
	}

	/**
	 * Returns whether answers wait for room in the socket.
	 */
	boolean isBlocked() {
		return this.output.isBlocked();
	}

	boolean isClosed() {
		return this.closed;
	}

	/**
	 * Answers datagrams until the socket is empty, 500 ms at most, and those that faults
	 * hold, however long that takes. Then it closes the socket. Other sockets of the
	 * event loop are served meanwhile. Any thread.
	 * @return completes when the socket is closed
	 */
	CompletableFuture<Void> drain() {
		return this.end.drain();
	}

	/**
	 * Closes at once. Any thread.
	 * @return completes when the socket is closed and its port is free
	 */
	CompletableFuture<Void> close() {
		return this.end.close();
	}

	/**
	 * Closes the socket and releases all memory. Queued answers are dropped.
	 */
	void closeNow() {
		try {
			if (!this.closed) {
				this.closed = true;
				this.faults.end();
				this.output.discard();
				this.input.release();
				this.socket.close();
			}
		}
		finally {
			this.end.closed();
		}
	}

}
