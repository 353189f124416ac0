package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;

import dev.socketecho.transport.udp.socket.DatagramPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.DefaultByteBufHolder;

/**
 * The payload of a datagram that was received, and the way back to its sender.
 * <p>
 * Reference counted like its content. It belongs to the caller as long as a message with
 * it is handled; whoever keeps it for longer retains it.
 */
public final class Datagram extends DefaultByteBufHolder {

	private final DatagramPeer peer;

	private final DatagramPort port;

	Datagram(ByteBuf content, DatagramPeer peer, DatagramPort port) {
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
	DatagramPeer peer() {
		return this.peer;
	}

	/**
	 * The socket that has received it.
	 */
	public DatagramPort port() {
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
