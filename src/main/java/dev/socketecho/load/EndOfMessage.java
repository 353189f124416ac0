package dev.socketecho.load;

import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.codec.Framing;

/**
 * Where a reply ends on the TCP connections of a client.
 */
enum EndOfMessage {

	/** After as many bytes as were sent. */
	LENGTH,

	/** With its frame. */
	FRAME,

	/** When the server closes the connection, which carries one message. */
	CLOSE,

	/** The same, and the message ends when the client closes its side. */
	INPUT;

	static EndOfMessage of(TcpEchoClientSettings client) {
		Framing.Boundary boundary = client.connection().framing().framing().boundary();
		if (boundary == Framing.Boundary.END_OF_INPUT) {
			return INPUT;
		}
		if (client.closeAfterReply()) {
			return CLOSE;
		}
		return (boundary == Framing.Boundary.READ) ? LENGTH : FRAME;
	}

	/**
	 * Whether a connection carries one message.
	 */
	boolean isSingleUse() {
		return this == CLOSE || this == INPUT;
	}

}
