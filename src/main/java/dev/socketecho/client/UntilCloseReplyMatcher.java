package dev.socketecho.client;

import java.util.function.Consumer;

import dev.socketecho.codec.Bytes;
import dev.socketecho.codec.MessageFramer;
import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * The reply to the one request of a connection: everything until the server closes.
 */
final class UntilCloseReplyMatcher implements ReplyMatcher {

	private final MessageFramer framer;

	private final int overhead;

	private @Nullable EchoRequest request;

	private byte[] gathered = new byte[0];

	private int received;

	UntilCloseReplyMatcher(MessageFramer framer, int overhead) {
		this.framer = framer;
		this.overhead = overhead;
	}

	@Override
	public void sent(EchoRequest request) {
		this.request = request;
		this.gathered = new byte[request.message().length + this.overhead];
	}

	@Override
	public void withdrawLast() {
		this.request = null;
	}

	@Override
	public void received(ByteBuf content, Listener listener) {
		EchoRequest due = this.request;
		if (due == null) {
			listener.unexpected();
			return;
		}
		int length = content.readableBytes();
		if (length > this.gathered.length - this.received) {
			this.request = null;
			listener.corrupted(due, SocketError.CORRUPTED_REPLY);
			return;
		}
		content.getBytes(content.readerIndex(), this.gathered, this.received, length);
		this.received += length;
	}

	@Override
	public void inputEnded(Listener listener) {
		EchoRequest due = this.request;
		if (due == null || (this.received == 0 && due.message().length > 0)) {
			return;
		}
		this.request = null;
		ByteBuf message = this.framer.unframe(Unpooled.wrappedBuffer(this.gathered, 0, this.received));
		if (message != null && Bytes.equal(message, due.message())) {
			listener.echoed(due);
		}
		else {
			listener.corrupted(due, SocketError.CORRUPTED_REPLY);
		}
	}

	@Override
	public @Nullable EchoRequest oldest() {
		return this.request;
	}

	@Override
	public void forEach(Consumer<EchoRequest> visitor) {
		EchoRequest due = this.request;
		if (due != null) {
			visitor.accept(due);
		}
	}

}
