package dev.socketecho.transport.udp;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

/**
 * A datagram on its way out.
 *
 * @param content its payload; whoever sends it retains it
 * @param failed called on the event loop if the kernel refuses it
 */
public record ClientDatagram(ByteBuf content, Consumer<Throwable> failed) {
}
