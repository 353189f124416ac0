package dev.socketecho.transport.udp;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.udp.socket.BurstBuffer;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;

/**
 * The input of a {@link UdpServerSocket}: receives bursts of datagrams into one buffer,
 * and hands those that are admitted to the flow, one by one. It pauses for a moment after
 * it could not receive, for example for lack of memory. Confined to the socket's event
 * loop.
 */
final class UdpInput {

	/** How long nothing is received after receiving has failed. */
	static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	/** After this many bursts the other sockets of the event loop are served. */
	private static final int BURSTS_PER_TURN = 4;

	private final UdpServerSocket server;

	private final UdpSocket socket;

	private final IoEventLoop eventLoop;

	private final UdpAdmission admission;

	private final UdpServerRecorder recorder;

	private final UdpDrops drops;

	private final BurstBuffer bursts;

	private final int stride;

	private final boolean arrivals;

	private boolean receiving;

	private boolean paused;

	UdpInput(UdpServerSocket server, UdpSocket socket, IoEventLoop eventLoop, UdpServerSettings settings,
			UdpAdmission admission, UdpServerRecorder recorder, UdpDrops drops) {
		this.server = server;
		this.socket = socket;
		this.eventLoop = eventLoop;
		this.admission = admission;
		this.recorder = recorder;
		this.drops = drops;
		this.bursts = new BurstBuffer(settings.maxDatagramSize());
		this.stride = this.bursts.stride();
		this.arrivals = settings.timedAnswers() != null;
	}

	/**
	 * Receives bursts and sends them through the flow, until the socket is empty or
	 * {@value #BURSTS_PER_TURN} bursts were received. Throws nothing.
	 * @return whether there may be more to receive
	 */
	boolean receiveBursts() {
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

	/**
	 * Returns whether a burst is going through the flow. Its answers are sent at its end.
	 */
	boolean isReceiving() {
		return this.receiving;
	}

	/**
	 * Returns whether nothing is received for a moment.
	 */
	boolean isPaused() {
		return this.paused;
	}

	private boolean receiveBurst() throws IOException {
		if (this.paused || this.server.isClosed() || this.server.isBlocked()) {
			return false;
		}
		int count;
		this.receiving = true;
		try {
			count = receive();
		}
		finally {
			this.receiving = false;
			this.server.flush();
		}
		return count == UdpSocket.BURST;
	}

	/**
	 * Receives what one system call returns. If something goes wrong with one datagram,
	 * such as an error of the flow, it is recorded, and the others are handled.
	 * @return how many datagrams were received
	 * @throws IOException if the socket reports an error
	 * @throws OutOfMemoryError if there is no memory to receive into; then the datagrams
	 * are still in the socket
	 */
	private int receive() throws IOException {
		ByteBuf buffer = this.bursts.empty();
		int count = this.socket.receive(buffer, this.stride);
		if (count == 0) {
			return 0;
		}
		long bytes = 0;
		for (int i = 0; i < count; i++) {
			bytes += this.socket.length(i);
		}
		this.recorder.received(bytes, count);
		for (int i = 0; i < count; i++) {
			try {
				handOver(buffer, i, this.socket.sender(i));
			}
			catch (Throwable ex) {
				this.drops.failed(ex);
			}
		}
		return count;
	}

	private void handOver(ByteBuf buffer, int index, Peer sender) {
		int length = this.socket.length(index);
		DropReason refusal = this.admission.admit(sender, length);
		if (refusal != null) {
			this.drops.dropped(refusal, sender);
			return;
		}
		Datagram datagram = new Datagram(buffer.retainedSlice(index * this.stride, length), sender, this.server,
				this.arrivals ? this.socket.arrival(index) : null);
		try {
			this.server.receive(datagram);
		}
		finally {
			datagram.release();
		}
	}

	/**
	 * Pauses. Otherwise the event loop would report the socket again at once, and
	 * receiving would fail again, without end.
	 */
	private void notReceived(Throwable cause) {
		try {
			if (!this.paused && !this.server.isClosed()) {
				this.eventLoop.schedule(this::resume, PAUSE_NANOS, TimeUnit.NANOSECONDS);
				this.paused = true;
				this.server.watch();
			}
			this.drops.notReceived(cause);
		}
		catch (Throwable ex) {
			// There is no memory for this either. The event loop reports the socket
			// again.
		}
	}

	private void resume() {
		this.paused = false;
		this.server.watch();
	}

	/**
	 * Releases the memory.
	 */
	void release() {
		this.bursts.release();
	}

}
