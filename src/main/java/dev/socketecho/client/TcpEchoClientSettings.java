package dev.socketecho.client;

import java.time.Duration;

import dev.socketecho.codec.Framing;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;

/**
 * The settings of a {@link TcpEchoClient}.
 *
 * @param connection where and how it connects
 * @param replyTimeout how long a reply may take, from giving its request to the socket
 * @param poolSize how many connections are kept, at least 1
 * @param closeAfterReply whether a connection is for one message, whose reply is
 * everything until the server closes
 */
public record TcpEchoClientSettings(TcpClientSettings connection, Duration replyTimeout, int poolSize,
		boolean closeAfterReply) {

	/**
	 * Whether a connection is for one message.
	 */
	boolean isSingleUse() {
		return this.closeAfterReply || isUntilClose();
	}

	/**
	 * Whether the client closes its side after a message.
	 */
	boolean isUntilClose() {
		return this.connection.framing().framing().boundary() == Framing.Boundary.END_OF_INPUT;
	}

}
