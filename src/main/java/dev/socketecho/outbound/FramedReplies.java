package dev.socketecho.outbound;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

import dev.socketecho.codec.MessageFramer;
import dev.socketecho.transport.SocketError;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Replies in frames: each frame answers the oldest request.
 */
final class FramedReplies implements Replies {

	private final MessageFramer framer;

	private final Deque<EchoRequest> requests = new ArrayDeque<>();

	FramedReplies(MessageFramer framer) {
		this.framer = framer;
	}

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
		EchoRequest request = this.requests.pollFirst();
		if (request == null) {
			verdict.unexpected();
			return;
		}
		ByteBuf message = this.framer.unframe(content);
		if (message != null && Bytes.equal(message, request.message())) {
			verdict.echoed(request);
		}
		else {
			verdict.corrupted(request, SocketError.CORRUPTED_REPLY);
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
