package dev.socketecho.transport.udp;

import java.util.function.Consumer;

import io.netty.buffer.ByteBuf;

/**
 * What a UDP server needs whose answers say when a datagram was received and when its
 * answer was sent. With it, each {@link Datagram} knows how it has come.
 *
 * @param finisher writes into an answer what is known only when it leaves. Called on the
 * event loop of the socket just before the answer is sent; again if there was no room for
 * it. With faults for answers it is called before them: to the sender they are part of
 * the network
 * @param trustedPort a source port that is answered although a server of this service may
 * be bound to it, {@link #NO_PORT} for none
 */
public record TimedAnswers(Consumer<ByteBuf> finisher, int trustedPort) {

	/**
	 * No trusted port.
	 */
	public static final int NO_PORT = -1;

}
