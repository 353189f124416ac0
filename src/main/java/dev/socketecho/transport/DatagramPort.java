package dev.socketecho.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a UDP server. Receives bursts of datagrams into one buffer, hands each to
 * the flow on the event loop, and sends the answers of a burst together. While the socket
 * has no room for answers it receives nothing, so that nothing piles up here; the
 * kernel's receive buffer is what fills, and the kernel counts what it drops.
 * <p>
 * Confined to its event loop but for what says otherwise.
 */
final class DatagramPort implements DatagramIo.Listener {

	/**
	 * So many bursts are received before other sockets of the event loop have their turn.
	 */
	private static final int BURSTS_PER_TURN = 4;

	/** How long a drain reads on while datagrams keep coming. */
	private static final long DRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

	private final DatagramIo io;

	private final IoEventLoop eventLoop;

	private final DatagramAdmission admission;

	private final DatagramRecorder recorder;

	private final DatagramDrops drops;

	private final DatagramOutput output;

	private final Consumer<Datagram> receiver;

	private final BurstBuffer bursts;

	private final int stride;

	private boolean reading;

	private boolean closed;

	private @Nullable CompletableFuture<Void> drained;

	DatagramPort(DatagramIo io, IoEventLoop eventLoop, int maxDatagramSize, DatagramAdmission admission,
			DatagramRecorder recorder, DatagramDrops drops, Consumer<Datagram> receiver) {
		this.io = io;
		this.eventLoop = eventLoop;
		this.admission = admission;
		this.recorder = recorder;
		this.drops = drops;
		this.receiver = receiver;
		this.output = new DatagramOutput(io, recorder, drops);
		this.bursts = new BurstBuffer(maxDatagramSize);
		this.stride = this.bursts.stride();
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
	InetSocketAddress localAddress() {
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
		for (int i = 0; i < BURSTS_PER_TURN && receiveBurst(); i++) {
			// until it is empty, or others have their turn
		}
	}

	@Override
	public void writable() {
		if (!this.closed && this.output.flush()) {
			this.io.watchForRoom(false);
			if (this.drained != null) {
				drain(this.drained);
			}
		}
	}

	/**
	 * Receives and answers what one system call gets.
	 * @return whether there may be more
	 */
	private boolean receiveBurst() {
		if (this.closed || this.output.isBlocked()) {
			return false;
		}
		ByteBuf buffer = this.bursts.empty();
		int count;
		try {
			count = this.io.receive(buffer, this.stride);
		}
		catch (IOException ex) {
			this.recorder.error(SocketError.of(ex));
			return false;
		}
		if (count == 0) {
			return false;
		}
		long bytes = 0;
		for (int i = 0; i < count; i++) {
			bytes += this.io.length(i);
		}
		this.recorder.received(bytes, count);
		this.reading = true;
		for (int i = 0; i < count; i++) {
			receive(buffer, i * this.stride, this.io.length(i), this.io.sender(i));
		}
		this.reading = false;
		flush();
		return count == DatagramIo.BURST;
	}

	private void receive(ByteBuf buffer, int index, int length, DatagramPeer sender) {
		DropReason refusal = this.admission.admit(sender, length);
		if (refusal != null) {
			this.drops.dropped(refusal, sender);
			return;
		}
		Datagram datagram = new Datagram(buffer.retainedSlice(index, length), sender, this);
		try {
			this.receiver.accept(datagram);
		}
		catch (RuntimeException ex) {
			this.drops.failed(ex);
		}
		finally {
			datagram.release();
		}
	}

	/**
	 * Sends a datagram; called on any thread. What is sent while a burst is being
	 * received leaves at its end.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void send(ByteBuf content, DatagramPeer peer, int port) {
		if (!this.eventLoop.inEventLoop()) {
			this.eventLoop.execute(() -> send(content, peer, port));
			return;
		}
		if (this.closed) {
			content.release();
			this.drops.dropped(DropReason.SEND_FAILED, peer);
			return;
		}
		this.output.add(content, peer, port);
		if (!this.reading) {
			flush();
		}
	}

	private void flush() {
		if (!this.output.flush()) {
			this.io.watchForRoom(true);
		}
	}

	/**
	 * Answers what the kernel has received by now, then closes; called on any thread.
	 * @return complete when it is closed
	 */
	CompletableFuture<Void> drain() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.eventLoop.execute(() -> drain(done));
		return done;
	}

	private void drain(CompletableFuture<Void> done) {
		this.drained = done;
		long start = System.nanoTime();
		while (receiveBurst() && System.nanoTime() - start < DRAIN_NANOS) {
			// what came before
		}
		if (this.closed || !this.output.isBlocked()) {
			closeNow();
		}
	}

	/**
	 * Closes at once; called on any thread.
	 * @return complete when it is closed and its port is free: the JDK gives the port
	 * back only when the selector has looked again
	 */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> done = new CompletableFuture<>();
		this.eventLoop.execute(() -> {
			closeNow();
			this.eventLoop.schedule(() -> done.complete(null), 1, TimeUnit.MILLISECONDS);
		});
		return done;
	}

	private void closeNow() {
		if (!this.closed) {
			this.closed = true;
			this.output.discard();
			this.io.close();
			this.bursts.release();
		}
		if (this.drained != null) {
			this.drained.complete(null);
		}
	}

}
