package dev.socketecho.client;

import dev.socketecho.codec.Bytes;
import dev.socketecho.codec.MessageFramer;
import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;

/**
 * Replies with framing: each frame answers the oldest request.
 */
final class FramedReplyMatcher extends QueuedReplyMatcher {

	private final MessageFramer framer;

	FramedReplyMatcher(MessageFramer framer) {
		this.framer = framer;
	}

	@Override
	public void received(ByteBuf content, Listener listener) {
		EchoRequest request = poll();
		if (request == null) {
			listener.unexpected();
			return;
		}
		ByteBuf message = this.framer.unframe(content);
		if (message != null && Bytes.equal(message, request.message())) {
			listener.echoed(request);
		}
		else {
			listener.corrupted(request, SocketError.CORRUPTED_REPLY);
		}
	}

}
