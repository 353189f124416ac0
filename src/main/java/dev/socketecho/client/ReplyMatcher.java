package dev.socketecho.client;

import java.util.function.Consumer;

import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Finds the request of a connection that a reply answers. {@link TcpExchange} calls it,
 * on the connection's event loop; there is one implementation for each way in which
 * replies end.
 */
interface ReplyMatcher {

	/**
	 * A request is about to be given to the socket.
	 */
	void sent(EchoRequest request);

	/**
	 * The socket has refused the last request.
	 */
	void withdrawLast();

	/**
	 * Receives a frame.
	 * @param content the frame, or bytes if there is no framing; its indexes do not move,
	 * and it is not released
	 */
	void received(ByteBuf content, Listener listener);

	/**
	 * The server has closed its side in order.
	 */
	void inputEnded(Listener listener);

	/**
	 * The oldest request without a reply, settled or not.
	 */
	@Nullable EchoRequest oldest();

	/**
	 * Visits the requests without a reply, the oldest first.
	 */
	void forEach(Consumer<EchoRequest> visitor);

	/**
	 * Is told what was found.
	 */
	interface Listener {

		/**
		 * The reply equals the message. The request is removed.
		 */
		void echoed(EchoRequest request);

		/**
		 * The reply differs from the message. The request is removed.
		 * @param error what is wrong with the reply
		 */
		void corrupted(EchoRequest request, SocketError error);

		/**
		 * The server sent something that answers no request.
		 */
		void unexpected();

	}

}
