package dev.socketecho.client;

import java.util.function.Consumer;

import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Tells which reply belongs to which request of one connection, in their order. Confined
 * to the connection's event loop.
 */
interface ReplyMatcher {

	/**
	 * A request is handed to the socket.
	 */
	void sent(EchoRequest request);

	/**
	 * The last request was not handed to the socket after all.
	 */
	void withdrawLast();

	/**
	 * Bytes have arrived.
	 * @param content a frame, or bytes where there is no framing; neither read nor
	 * released
	 */
	void received(ByteBuf content, Listener listener);

	/**
	 * The peer has closed its side with FIN.
	 */
	void inputEnded(Listener listener);

	/**
	 * The oldest request that is not answered, settled or not.
	 */
	@Nullable EchoRequest oldest();

	/**
	 * Visits the requests that are not answered, the oldest first.
	 */
	void forEach(Consumer<EchoRequest> visitor);

	/**
	 * Is told how requests end.
	 */
	interface Listener {

		/**
		 * The reply equals the request and is no longer expected.
		 */
		void echoed(EchoRequest request);

		/**
		 * The reply differs from the request and is no longer expected.
		 * @param error what is wrong with it
		 */
		void corrupted(EchoRequest request, SocketError error);

		/**
		 * Bytes have arrived that belong to no request.
		 */
		void unexpected();

	}

}
