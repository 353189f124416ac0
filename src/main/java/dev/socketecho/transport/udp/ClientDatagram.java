package dev.socketecho.transport.udp;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

/**
 * A datagram that a UDP client sends: the payload of a message to the client's
 * {@link UdpClientSendingMessageHandler}.
 *
 * @param content its bytes; sending retains them, the caller keeps its reference
 * @param failed called on the event loop with the cause if the datagram cannot be sent
 */
public record ClientDatagram(ByteBuf content, Consumer<Throwable> failed) {
}
