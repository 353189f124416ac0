package dev.socketecho.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.telemetry.DatagramRecorder;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a UDP server. Receives bursts of datagrams, hands each to the flow on the
 * event loop, and sends the answers of a burst together. While the socket has no room for
 * answers it receives nothing, so that nothing piles up here; the kernel's receive buffer
 * is what fills, and the kernel counts what it drops. It receives nothing for a moment,
 * too, after it could not receive, such as for want of memory.
 * <p>
 * Confined to its event loop but for what says otherwise. The event loop calls it
 * directly, and would end on an error: so none leaves it.
 */
public final class UdpServerSocket implements UdpSocket.Listener {

	/**
	 * So many bursts are received before other sockets of the event loop have their turn.
	 */
	private static final int BURSTS_PER_TURN = 4;

	/** How long a drain reads on while datagrams keep coming. */
	private static final long DRAIN_MILLIS = 500;

	/** How long nothing is received after that was not possible. */
	private static final long PAUSE_MILLIS = 100;

	private final UdpSocket io;

	private final IoEventLoop eventLoop;

	private final UdpDrops drops;

	private final UdpInput input;

	private final UdpOutput output;

	/** What the socket is watched for. */
	private UdpSocket.Interest watched = UdpSocket.Interest.DATAGRAMS;

	private boolean reading;

	private boolean paused;

	private boolean closed;

	private @Nullable CompletableFuture<Void> drained;

	UdpServerSocket(UdpSocket io, IoEventLoop eventLoop, int maxDatagramSize, UdpAdmission admission,
			DatagramRecorder recorder, UdpDrops drops, Consumer<Datagram> receiver) {
		this.io = io;
		this.eventLoop = eventLoop;
		this.drops = drops;
		this.input = new UdpInput(io, maxDatagramSize, admission, recorder, drops, receiver);
		this.output = new UdpOutput(io, recorder, drops);
	}

	/**
	 * Starts to receive; called on any thread.
	 */
	Future<?> open() {
		return this.io.attach(this.eventLoop, this);
	}

	/**
	 * Where the socket is bound; called on any thread.
	 */
	public InetSocketAddress localAddress() {
		return this.io.localAddress();
	}

	/**
	 * How many datagrams the kernel had no room for; called on any thread.
	 */
	long kernelDrops() {
		return this.io.kernelDrops();
	}

	@Override
	public void readable() {
		receiveBursts();
	}

	@Override
	public void writable() {
		if (this.closed) {
			return;
		}
		try {
			flush();
			if (this.drained != null) {
				drainOn();
			}
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
	}

	/**
	 * Receives and answers bursts, until the socket is empty, or others have their turn.
	 * @return whether there may be more
	 */
	private boolean receiveBursts() {
		boolean more = true;
		for (int i = 0; i < BURSTS_PER_TURN && more; i++) {
			try {
				more = receiveBurst();
			}
			catch (Throwable ex) {
				notReceived(ex);
				return true;
			}
		}
		return more;
	}

	private boolean receiveBurst() throws IOException {
		if (this.closed || this.paused || this.output.isBlocked()) {
			return false;
		}
		int count;
		this.reading = true;
		try {
			count = this.input.receive(this);
		}
		finally {
			this.reading = false;
			flush();
		}
		return count == UdpSocket.BURST;
	}

	/**
	 * Receives nothing for a moment: what was not possible is not possible at once again,
	 * and the event loop would hear of the socket without end.
	 */
	private void notReceived(Throwable cause) {
		try {
			if (!this.closed && !this.paused) {
				this.eventLoop.schedule(this::resume, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
				this.paused = true;
				watch();
			}
			this.drops.notReceived(cause);
		}
		catch (Throwable ex) {
			// There is no memory for this, either. The socket is tried again at once.
		}
	}

	private void resume() {
		this.paused = false;
		watch();
	}

	private void watch() {
		UdpSocket.Interest interest = this.output.isBlocked() ? UdpSocket.Interest.ROOM
				: this.paused ? UdpSocket.Interest.NOTHING : UdpSocket.Interest.DATAGRAMS;
		if (interest != this.watched && !this.closed) {
			this.watched = interest;
			this.io.watch(interest);
		}
	}

	/**
	 * Sends a datagram; called on any thread. What is sent while a burst is being
	 * received leaves at its end. What cannot be sent is released and counted as dropped.
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
			drop(content, peer);
		}
	}

	private void sendNow(ByteBuf content, Peer peer, int port) {
		if (this.closed) {
			drop(content, peer);
			return;
		}
		this.output.add(content, peer, port);
		if (!this.reading) {
			flush();
		}
	}

	private void drop(ByteBuf content, Peer peer) {
		content.release();
		this.drops.dropped(DropReason.SEND_FAILED, peer);
	}

	private void flush() {
		this.output.flush();
		watch();
	}

	/**
	 * Answers what the kernel has received by now, then closes; called on any thread.
	 * Other sockets of the event loop have their turns meanwhile.
	 * @return complete when it is closed
	 */
	CompletableFuture<Void> drain() {
		return execute((done) -> {
			this.drained = done;
			this.eventLoop.schedule(this::closeNow, DRAIN_MILLIS, TimeUnit.MILLISECONDS);
			drainOn();
		});
	}

	/**
	 * The next turn is one of the schedule: tasks that are executed come before all
	 * sockets.
	 */
	private void drainOn() {
		boolean more = receiveBursts() || this.paused;
		if (this.output.isBlocked()) {
			return; // writable() goes on
		}
		if (more && !this.closed) {
			this.eventLoop.schedule(this::drainOn, this.paused ? TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS) : 1,
					TimeUnit.NANOSECONDS);
		}
		else {
			closeNow();
		}
	}

	/**
	 * Closes at once; called on any thread.
	 * @return complete when it is closed and its port is free: the JDK gives the port
	 * back only when the selector has looked again
	 */
	public CompletableFuture<Void> close() {
		return execute((done) -> {
			closeNow();
			this.eventLoop.schedule(() -> done.complete(null), 1, TimeUnit.MILLISECONDS);
		});
	}

	private CompletableFuture<Void> execute(Consumer<CompletableFuture<Void>> end) {
		CompletableFuture<Void> done = new CompletableFuture<>();
		try {
			this.eventLoop.execute(() -> end.accept(done));
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended, so that nothing is confined to it any more.
			closeNow();
			done.complete(null);
		}
		return done;
	}

	private void closeNow() {
		try {
			if (!this.closed) {
				this.closed = true;
				this.output.discard();
				this.input.release();
				this.io.close();
			}
		}
		finally {
			if (this.drained != null) {
				this.drained.complete(null);
			}
		}
	}

}
