package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link ClosedLoop}: sends what is queued, and compares what comes
 * back.
 */
final class ClientConnection implements AutoCloseable {

	private final ClosedLoop loop;

	private final SocketChannel channel;

	private final ByteChannel messages;

	private final @Nullable TlsStream tls;

	private final ByteBuffer outgoing;

	private final ByteBuffer expected;

	private final int outgoingBytes;

	private final int expectedBytes;

	private final long[] sentAt;

	private @Nullable SelectionKey key;

	private int nextSend;

	private int nextReceive;

	/** Bytes that are still to be sent. */
	private long queued;

	/** Bytes of the message that is arriving. */
	private int partial;

	private boolean waiting;

	/**
	 * Performs the handshake.
	 * @param channel in blocking mode; it is in the other mode afterwards
	 * @param wire what a message is in bytes
	 * @param outstanding how many messages can be under way
	 * @param loop is told of answers
	 */
	ClientConnection(SocketChannel channel, Wire wire, int outstanding, ClosedLoop loop) throws IOException {
		this.loop = loop;
		this.channel = channel;
		this.messages = wire.handshake().perform(channel);
		this.tls = (this.messages instanceof TlsStream stream) ? stream : null;
		this.outgoing = wire.outgoing().duplicate();
		this.expected = wire.expected().duplicate();
		this.outgoingBytes = wire.outgoingBytes();
		this.expectedBytes = wire.expectedBytes();
		this.sentAt = new long[outstanding];
		channel.configureBlocking(false);
	}

	void register(Selector selector) throws IOException {
		this.key = this.channel.register(selector, SelectionKey.OP_READ, this);
	}

	void enqueue(int count, long now) throws IOException {
		for (int i = 0; i < count; i++) {
			this.sentAt[this.nextSend] = now;
			this.nextSend = (this.nextSend + 1) % this.sentAt.length;
		}
		this.queued += (long) count * this.outgoingBytes;
		push();
	}

	void push() throws IOException {
		while (this.queued > 0 || isBehind()) {
			rewindAtEnd(this.outgoing);
			this.outgoing.limit((int) Math.min(this.outgoing.position() + this.queued, this.outgoing.capacity()));
			int sent = this.messages.write(this.outgoing);
			this.queued -= sent;
			if (sent == 0 || isBehind()) {
				break;
			}
		}
		boolean wait = this.queued > 0 || isBehind();
		if (wait != this.waiting && this.key != null) {
			this.waiting = wait;
			this.key.interestOps(SelectionKey.OP_READ | (wait ? SelectionKey.OP_WRITE : 0));
		}
	}

	private boolean isBehind() {
		return this.tls != null && this.tls.isBehind();
	}

	/**
	 * Reads once. TLS reads until there is nothing left: it may have more than it has
	 * given, and the socket does not tell.
	 */
	void read() throws IOException {
		int read;
		do {
			read = readSome();
		}
		while (this.tls != null && read > 0);
	}

	private int readSome() throws IOException {
		ByteBuffer input = this.loop.input();
		int read = this.messages.read(input);
		if (read < 0) {
			throw new IOException("closed by the server");
		}
		input.flip();
		while (input.hasRemaining()) {
			compare(input);
		}
		this.partial += read;
		int echoes = this.partial / this.expectedBytes;
		if (echoes > 0) {
			this.partial -= echoes * this.expectedBytes;
			answered(echoes);
		}
		return read;
	}

	private void compare(ByteBuffer input) {
		rewindAtEnd(this.expected);
		int length = Math.min(input.remaining(), this.expected.capacity() - this.expected.position());
		int inputEnd = input.limit();
		input.limit(input.position() + length);
		this.expected.limit(this.expected.position() + length);
		if (!input.equals(this.expected)) {
			this.loop.wrong();
		}
		input.position(input.limit()).limit(inputEnd);
		this.expected.position(this.expected.limit());
	}

	private void answered(int echoes) throws IOException {
		long now = System.nanoTime();
		for (int i = 0; i < echoes; i++) {
			this.loop.took(now - this.sentAt[this.nextReceive]);
			this.nextReceive = (this.nextReceive + 1) % this.sentAt.length;
		}
		this.loop.answered(this, echoes, now);
	}

	private static void rewindAtEnd(ByteBuffer buffer) {
		if (buffer.position() == buffer.capacity()) {
			buffer.clear();
		}
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
