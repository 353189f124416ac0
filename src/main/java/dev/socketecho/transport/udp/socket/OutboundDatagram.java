package dev.socketecho.transport.udp.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * A place for an answer that waits for its system call. Reused, so that an answer costs
 * no object.
 */
public final class OutboundDatagram {

	private ByteBuf content = Unpooled.EMPTY_BUFFER;

	private @Nullable Peer peer;

	private int port;

	/**
	 * Puts an answer here; takes over the caller's reference.
	 */
	public void set(ByteBuf content, Peer peer, int port) {
		this.content = content;
		this.peer = peer;
		this.port = port;
	}

	/**
	 * Releases the answer.
	 */
	public void clear() {
		this.content.release();
		this.content = Unpooled.EMPTY_BUFFER;
		this.peer = null;
	}

	public ByteBuf content() {
		return this.content;
	}

	public Peer peer() {
		if (this.peer == null) {
			throw new IllegalStateException("empty");
		}
		return this.peer;
	}

	/**
	 * The port that it goes to.
	 */
	int port() {
		return this.port;
	}

}
