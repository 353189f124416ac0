package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;

import dev.socketecho.transport.udp.socket.Arrival;
import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;
import org.jspecify.annotations.Nullable;

/**
 * A datagram that a server has received: the payload of the messages that
 * {@link NettyUdpReceivingChannelAdapter} sends. It knows its sender and the socket that
 * has received it, which is where {@link NettyUdpSendingMessageHandler} sends the answer.
 * <p>
 * It is reference counted like its content. It is released when the flow returns; to keep
 * it for longer, retain it.
 */
public final class Datagram extends DefaultByteBufHolder {

	private final Peer peer;

	private final UdpServerSocket socket;

	private final @Nullable Arrival arrival;

	Datagram(ByteBuf content, Peer peer, UdpServerSocket socket, @Nullable Arrival arrival) {
		super(content);
		this.peer = peer;
		this.socket = socket;
		this.arrival = arrival;
	}

	/**
	 * Returns the sender's address and port.
	 * @return the address and port
	 */
	public InetSocketAddress sender() {
		return this.peer.address();
	}

	/**
	 * Returns when the datagram was received: by the kernel on Linux, else by this
	 * process. With faults for what the server receives it is when they have let it pass.
	 * @return the wall clock's time in nanoseconds since 1970
	 * @throws IllegalStateException if the server has no {@link TimedAnswers}
	 */
	public long receivedNanos() {
		return arrival().nanos();
	}

	/**
	 * Returns the TTL or hop limit that the datagram had when it came.
	 * @return 0 to 255; 255 if the platform does not tell
	 * @throws IllegalStateException if the server has no {@link TimedAnswers}
	 */
	public int hopLimit() {
		return arrival().hopLimit();
	}

	/**
	 * Returns DSCP and ECN that the datagram had when it came.
	 * @return 0 to 255; -1 if the platform does not tell
	 * @throws IllegalStateException if the server has no {@link TimedAnswers}
	 */
	public int trafficClass() {
		return arrival().trafficClass();
	}

	private Arrival arrival() {
		if (this.arrival == null) {
			throw new IllegalStateException("the server does not ask how datagrams come");
		}
		return this.arrival;
	}

	/**
	 * Returns an answer to this datagram.
	 * @param content its payload; the answer takes over the caller's reference
	 * @param trafficClass its DSCP and ECN, 0 to 255; negative for those of the socket
	 * @return the answer
	 */
	public Datagram answer(ByteBuf content, int trafficClass) {
		return new Datagram(content, (trafficClass < 0) ? this.peer : this.peer.withTrafficClass(trafficClass),
				this.socket, null);
	}

	/**
	 * Returns this datagram after faults have passed it on: they are part of the network
	 * that it comes from.
	 * @param content its payload after that
	 */
	Datagram passed(ByteBuf content) {
		return new Datagram(content, this.peer, this.socket, (this.arrival != null) ? this.arrival.delayed() : null);
	}

	/**
	 * Returns the sender, and the address that it has sent to.
	 */
	Peer peer() {
		return this.peer;
	}

	/**
	 * Returns the socket that has received it.
	 */
	UdpServerSocket socket() {
		return this.socket;
	}

	@Override
	public Datagram replace(ByteBuf content) {
		return new Datagram(content, this.peer, this.socket, this.arrival);
	}

	@Override
	public boolean equals(Object other) {
		return super.equals(other) && ((Datagram) other).peer.equals(this.peer)
				&& ((Datagram) other).socket == this.socket;
	}

	@Override
	public int hashCode() {
		return 31 * super.hashCode() + this.peer.hashCode();
	}

}
