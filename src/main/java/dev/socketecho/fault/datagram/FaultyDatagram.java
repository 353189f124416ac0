package dev.socketecho.fault.datagram;

import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;

/**
 * A datagram on its way through a {@link DatagramFaultLine}.
 *
 * @param content the payload; the owner of the datagram owns this reference
 * @param caller who has sent the datagram, or is sent it as an answer
 * @param context what the transport needs to deliver or to send it
 */
public record FaultyDatagram(ByteBuf content, InetSocketAddress caller, Object context) {

	FaultyDatagram with(ByteBuf other) {
		return new FaultyDatagram(other, this.caller, this.context);
	}

	/**
	 * Returns how many bytes the payload has.
	 */
	int length() {
		return this.content.readableBytes();
	}

}
