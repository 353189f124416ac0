package dev.socketecho.fault;

import java.net.InetAddress;

import io.netty.buffer.ByteBuf;

/**
 * What travels through a {@link DatagramFaultLine}.
 *
 * @param content the payload; it belongs to whoever has this
 * @param source whose unit it is: the caller, in both directions
 * @param context what the transport needs to go on with it
 */
public record FaultyDatagram(ByteBuf content, InetAddress source, Object context) {

	FaultyDatagram with(ByteBuf other) {
		return new FaultyDatagram(other, this.source, this.context);
	}

	FaultyDatagram duplicate() {
		return with(this.content.retainedDuplicate());
	}

}
