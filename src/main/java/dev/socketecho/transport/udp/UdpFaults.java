package dev.socketecho.transport.udp;

import dev.socketecho.fault.DatagramFaultLine;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.FaultyDatagram;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;

/**
 * The faults of a {@link UdpServerSocket}: datagrams pass here between the admission and
 * the flow, and between the flow and the output. A socket without faults has none of
 * these. Confined to the socket's event loop.
 */
final class UdpFaults {

	private final UdpServerSocket server;

	private final UdpDrops drops;

	private final DatagramFaultLine inbound;

	private final DatagramFaultLine outbound;

	UdpFaults(UdpServerSocket server, EventLoop eventLoop, UdpDrops drops) {
		this.server = server;
		this.drops = drops;
		this.inbound = new DatagramFaultLine(eventLoop, Fault.Direction.INBOUND, this::deliver, this::drop,
				server::flush);
		this.outbound = new DatagramFaultLine(eventLoop, Fault.Direction.OUTBOUND, this::send, this::drop,
				server::flush);
	}

	/**
	 * Replaces the faults. What the faults hold that are no more passes at once.
	 */
	void set(FaultSet faults) {
		this.inbound.set(faults);
		this.outbound.set(faults);
	}

	/**
	 * Passes a datagram on its way to the flow.
	 * @param datagram the datagram; the caller keeps its reference
	 */
	void receive(Datagram datagram) {
		if (this.inbound.isEmpty()) {
			this.server.deliver(datagram);
			return;
		}
		this.inbound.pass(new FaultyDatagram(datagram.content().retain(), datagram.sender().getAddress(), datagram));
	}

	private void deliver(FaultyDatagram passed) {
		Datagram datagram = ((Datagram) passed.context()).replace(passed.content());
		try {
			this.server.deliver(datagram);
		}
		catch (Throwable ex) {
			this.drops.failed(ex);
		}
		finally {
			datagram.release();
		}
	}

	/**
	 * Passes an answer on its way to the output.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port
	 */
	void send(ByteBuf content, Peer peer, int port) {
		this.outbound.pass(new FaultyDatagram(content, peer.address().getAddress(), new Receiver(peer, port)));
	}

	private void send(FaultyDatagram passed) {
		Receiver receiver = (Receiver) passed.context();
		this.server.queue(passed.content(), receiver.peer(), receiver.port());
	}

	private void drop(FaultyDatagram lost) {
		lost.content().release();
		this.drops.dropped(DropReason.FAULT,
				(lost.context() instanceof Datagram datagram) ? datagram.peer() : ((Receiver) lost.context()).peer());
	}

	/**
	 * Returns whether datagrams wait that will pass later.
	 */
	boolean isHolding() {
		return this.inbound.held() + this.outbound.held() > 0;
	}

	/**
	 * Drops the datagrams that wait.
	 */
	void discard() {
		this.inbound.discard();
		this.outbound.discard();
	}

	private record Receiver(Peer peer, int port) {
	}

}
