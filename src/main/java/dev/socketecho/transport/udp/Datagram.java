package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;

import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * The payload of a datagram that was received, and the way back to its sender.
 * <p>
 * Reference counted like its content. It belongs to the caller as long as a message with
 * it is handled; whoever keeps it for longer retains it.
 */
public final class Datagram extends DefaultByteBufHolder {

	private final Peer peer;

	private final UdpServerSocket port;

	Datagram(ByteBuf content, Peer peer, UdpServerSocket port) {
		super(content);
		this.peer = peer;
		this.port = port;
	}

	/**
	 * Returns the sender.
	 * @return its address and port
	 */
	public InetSocketAddress sender() {
		return this.peer.address();
	}

	/**
	 * Who has sent it to which address.
	 */
	Peer peer() {
		return this.peer;
	}

	/**
	 * The socket that has received it.
	 */
	public UdpServerSocket port() {
		return this.port;
	}

	@Override
	public Datagram replace(ByteBuf content) {
		return new Datagram(content, this.peer, this.port);
	}

	@Override
	public boolean equals(Object other) {
		return super.equals(other) && ((Datagram) other).peer.equals(this.peer) && ((Datagram) other).port == this.port;
	}

	@Override
	public int hashCode() {
		return 31 * super.hashCode() + this.peer.hashCode();
	}

}
