package dev.socketecho.transport.udp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.datagram.DatagramFaultLine;
import dev.socketecho.fault.datagram.FaultyDatagram;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * The faults of a {@link UdpServerSocket}, as a rule none. Datagrams go through them
 * between the admission and the flow, and answers between the flow and the output.
 * Confined to the socket's event loop, except for {@link #set}.
 */
final class UdpFaults {

	private final EventLoop eventLoop;

	private final Consumer<Datagram> flow;

	private final UdpOutput output;

	private final UdpDrops drops;

	private final DatagramFaultLine inbound;

	private final DatagramFaultLine outbound;

	private boolean ended;

	/**
	 * Creates an instance without faults.
	 * @param flow gets the datagrams that have passed
	 * @param output gets the answers that have passed
	 * @param drops is told of the datagrams and answers that are lost
	 * @param passed called after datagrams or answers have passed that were held back;
	 * sends what is in the output
	 */
	UdpFaults(EventLoop eventLoop, Consumer<Datagram> flow, UdpOutput output, UdpDrops drops, Runnable passed) {
		this.eventLoop = eventLoop;
		this.flow = flow;
		this.output = output;
		this.drops = drops;
		this.inbound = new DatagramFaultLine(eventLoop, Fault.Direction.INBOUND, this::deliver, this::drop, passed);
		this.outbound = new DatagramFaultLine(eventLoop, Fault.Direction.OUTBOUND, this::send, this::drop, passed);
	}

	/**
	 * Replaces the faults. What the removed ones hold passes at once. Any thread.
	 * @return completes when that is done
	 */
	CompletableFuture<Void> set(FaultSet faults) {
		try {
			return CompletableFuture.runAsync(() -> setNow(faults), this.eventLoop);
		}
		catch (RejectedExecutionException ex) {
			// The event loop has ended, and the socket with it.
			return CompletableFuture.completedFuture(null);
		}
	}

	/**
	 * First the outbound ones: answers to datagrams that the inbound ones release have
	 * the new faults.
	 */
	private void setNow(FaultSet faults) {
		if (!this.ended) {
			this.outbound.set(faults);
			this.inbound.set(faults);
		}
	}

	/**
	 * Sends a datagram through the inbound faults.
	 * @param datagram the datagram; the caller keeps its reference
	 */
	void receive(Datagram datagram) {
		if (this.inbound.isEmpty()) {
			this.flow.accept(datagram);
		}
		else {
			this.inbound.pass(new FaultyDatagram(datagram.content().retain(), datagram.sender(), datagram));
		}
	}

	private void deliver(FaultyDatagram passed) {
		Datagram datagram = ((Datagram) passed.context()).passed(passed.content());
		try {
			this.flow.accept(datagram);
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
		finally {
			datagram.release();
		}
	}

	/**
	 * Sends an answer through the outbound faults.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void send(ByteBuf content, Peer peer, int port) {
		if (this.outbound.isEmpty()) {
			this.output.add(content, peer, port);
		}
		else {
			this.output.finish(content);
			this.outbound.pass(new FaultyDatagram(content, peer.address(), new Receiver(peer, port)));
		}
	}

	private void send(FaultyDatagram passed) {
		Receiver receiver = (Receiver) passed.context();
		try {
			this.output.addFinished(passed.content(), receiver.peer(), receiver.port());
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
	}

	private void drop(FaultyDatagram lost) {
		lost.content().release();
		try {
			this.drops.dropped(DropReason.FAULT, peer(lost));
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
	}

	private static Peer peer(FaultyDatagram datagram) {
		return (datagram.context() instanceof Receiver receiver) ? receiver.peer()
				: ((Datagram) datagram.context()).peer();
	}

	/**
	 * Returns whether datagrams or answers are held back that are to pass later.
	 */
	boolean isHolding() {
		return this.inbound.held() + this.outbound.held() > 0;
	}

	/**
	 * The socket is closed: drops the datagrams and answers that are held back.
	 */
	void end() {
		this.ended = true;
		this.inbound.discard();
		this.outbound.discard();
	}

	private record Receiver(Peer peer, int port) {
	}

}
