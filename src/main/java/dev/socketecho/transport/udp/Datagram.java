package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;

import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

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

	Datagram(ByteBuf content, Peer peer, UdpServerSocket socket) {
		super(content);
		this.peer = peer;
		this.socket = socket;
	}

	/**
	 * Returns the sender's address and port.
	 * @return the address and port
	 */
	public InetSocketAddress sender() {
		return this.peer.address();
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
		return new Datagram(content, this.peer, this.socket);
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
