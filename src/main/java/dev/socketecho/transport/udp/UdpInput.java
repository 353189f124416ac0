package dev.socketecho.transport.udp;

import java.io.IOException;
import java.util.function.Consumer;

import dev.socketecho.telemetry.DatagramRecorder;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.socket.BurstBuffer;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;

/**
 * The way in of one socket: receives bursts of datagrams into one buffer, and hands each
 * that is let in to the flow. Called by the socket's {@link UdpServerSocket}, and like
 * that confined to the socket's event loop.
 */
final class UdpInput {

	private final UdpSocket io;

	private final UdpAdmission admission;

	private final DatagramRecorder recorder;

	private final UdpDrops drops;

	private final Consumer<Datagram> receiver;

	private final BurstBuffer bursts;

	private final int stride;

	UdpInput(UdpSocket io, int maxDatagramSize, UdpAdmission admission, DatagramRecorder recorder, UdpDrops drops,
			Consumer<Datagram> receiver) {
		this.io = io;
		this.admission = admission;
		this.recorder = recorder;
		this.drops = drops;
		this.receiver = receiver;
		this.bursts = new BurstBuffer(maxDatagramSize);
		this.stride = this.bursts.stride();
	}

	/**
	 * Receives what one system call gets. What goes wrong with one datagram, the flow's
	 * errors among it, is recorded and leaves the others alone.
	 * @param port what answers go through
	 * @return how many datagrams came, 0 to {@link UdpSocket#BURST}
	 * @throws IOException if the socket refuses
	 * @throws OutOfMemoryError if there is no memory for what comes: then nothing was
	 * taken from the socket
	 */
	int receive(UdpServerSocket port) throws IOException {
		ByteBuf buffer = this.bursts.empty();
		int count = this.io.receive(buffer, this.stride);
		if (count == 0) {
			return 0;
		}
		long bytes = 0;
		for (int i = 0; i < count; i++) {
			bytes += this.io.length(i);
		}
		this.recorder.received(bytes, count);
		for (int i = 0; i < count; i++) {
			try {
				receive(buffer, i, this.io.sender(i), port);
			}
			catch (Throwable ex) {
				this.drops.failed(ex);
			}
		}
		return count;
	}

	private void receive(ByteBuf buffer, int index, Peer sender, UdpServerSocket port) {
		int length = this.io.length(index);
		DropReason refusal = this.admission.admit(sender, length);
		if (refusal != null) {
			this.drops.dropped(refusal, sender);
			return;
		}
		Datagram datagram = new Datagram(buffer.retainedSlice(index * this.stride, length), sender, port);
		try {
			this.receiver.accept(datagram);
		}
		finally {
			datagram.release();
		}
	}

	/**
	 * Gives the memory back.
	 */
	void release() {
		this.bursts.release();
	}

}
