package dev.socketecho.client;

import dev.socketecho.codec.Bytes;
import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;

/**
 * Replies without framing: the reply to a request is complete when as many bytes have
 * come back. The bytes are compared when they arrive, and not kept.
 */
final class StreamReplyMatcher extends QueuedReplyMatcher {

	/** How many bytes of the reply to the oldest request were received. */
	private int received;

	private boolean corrupted;

	@Override
	public void received(ByteBuf content, Listener listener) {
		int at = content.readerIndex();
		EchoRequest request = oldest();
		// An empty request's reply is complete as soon as it is the oldest.
		while (at < content.writerIndex() || (request != null && request.message().length == 0)) {
			if (request == null) {
				listener.unexpected();
				return;
			}
			byte[] message = request.message();
			int length = Math.min(content.writerIndex() - at, message.length - this.received);
			this.corrupted |= !Bytes.equal(content, at, message, this.received, length);
			this.received += length;
			at += length;
			if (this.received == message.length) {
				complete(request, listener);
			}
			request = oldest();
		}
	}

	private void complete(EchoRequest request, Listener listener) {
		boolean wasCorrupted = this.corrupted;
		poll();
		this.received = 0;
		this.corrupted = false;
		if (wasCorrupted) {
			listener.corrupted(request, SocketError.CORRUPTED_REPLY);
		}
		else {
			listener.echoed(request);
		}
	}

}
