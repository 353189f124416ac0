package dev.socketecho.outbound;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import dev.socketecho.transport.SocketError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Replies without framing: the reply to a request is complete when as many bytes have
 * come back. They are compared as they come, and not kept.
 */
final class StreamReplies implements Replies {

	private final Deque<EchoRequest> requests = new ArrayDeque<>();

	/** How many bytes of the oldest request's reply have come. */
	private int received;

	private boolean corrupted;

	@Override
	public void sent(EchoRequest request) {
		this.requests.addLast(request);
	}

	@Override
	public void withdrawLast() {
		this.requests.removeLast();
	}

	@Override
	public void received(ByteBuf content, Verdict verdict) {
		int at = content.readerIndex();
		EchoRequest request = this.requests.peekFirst();
		// An empty request's reply is complete as soon as it is the oldest.
		while (at < content.writerIndex() || (request != null && request.message().length == 0)) {
			if (request == null) {
				verdict.unexpected();
				return;
			}
			byte[] message = request.message();
			int length = Math.min(content.writerIndex() - at, message.length - this.received);
			this.corrupted |= !Bytes.equal(content, at, message, this.received, length);
			this.received += length;
			at += length;
			if (this.received == message.length) {
				next(request, verdict);
			}
			request = this.requests.peekFirst();
		}
	}

	private void next(EchoRequest request, Verdict verdict) {
		boolean bad = this.corrupted;
		this.requests.removeFirst();
		this.received = 0;
		this.corrupted = false;
		if (bad) {
			verdict.corrupted(request, SocketError.CORRUPTED_REPLY);
		}
		else {
			verdict.echoed(request);
		}
	}

	@Override
	public void inputEnded(Verdict verdict) {
	}

	@Override
	public @Nullable EchoRequest oldest() {
		return this.requests.peekFirst();
	}

	@Override
	public void forEach(Consumer<EchoRequest> visitor) {
		this.requests.forEach(visitor);
	}

}
