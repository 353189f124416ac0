package dev.socketecho.transport.udp.socket;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A datagram in the send queue of a server socket. {@code UdpOutput} fills it and clears
 * it, {@link UdpSocket#send} reads it. It is used again and again, so that sending
 * allocates nothing. Confined to an event loop.
 */
public final class OutboundDatagram {

	private ByteBuf content = Unpooled.EMPTY_BUFFER;

	private @Nullable Peer peer;

	private int port;

	private @Nullable Consumer<ByteBuf> finisher;

	/**
	 * Fills this place of the queue.
	 * @param content the payload; this takes over the caller's reference
	 * @param peer the receiver
	 * @param port the receiver's port, 1 to 65535; it may differ from the peer's
	 * @param finisher writes what is known only when the datagram leaves, {@code null}
	 * for nothing
	 */
	public void set(ByteBuf content, Peer peer, int port, @Nullable Consumer<ByteBuf> finisher) {
		this.finisher = finisher;
		this.content = content;
		this.peer = peer;
		this.port = port;
	}

	/**
	 * Releases the payload and makes this place free.
	 */
	public void clear() {
		this.content.release();
		this.content = Unpooled.EMPTY_BUFFER;
		this.peer = null;
	}

	/**
	 * Returns the payload.
	 * @return the payload, which this object owns
	 */
	public ByteBuf content() {
		return this.content;
	}

	/**
	 * Returns the payload, which is to be sent now.
	 */
	ByteBuf finished() {
		if (this.finisher != null) {
			this.finisher.accept(this.content);
		}
		return this.content;
	}

	/**
	 * Returns the receiver.
	 * @return the receiver
	 * @throws IllegalStateException if this place is free
	 */
	public Peer peer() {
		if (this.peer == null) {
			throw new IllegalStateException("no datagram");
		}
		return this.peer;
	}

	/**
	 * Returns the receiver's port.
	 */
	int port() {
		return this.port;
	}

}
