package dev.socketecho.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

/**
 * The client, on the calling thread: on every connection a number of messages is under
 * way, and each echo is answered with the next message. Every byte is compared with what
 * was sent.
 */
final class ClosedLoop implements AutoCloseable {

	private static final int READ_SIZE = 1 << 18;

	private static final long SELECT_MILLIS = 50;

	private static final long DRAIN_NANOS = 1_000_000;

	private final Load load;

	private final Wire wire;

	private final Selector selector;

	private final List<Connection> connections = new ArrayList<>();

	private final ByteBuffer input = ByteBuffer.allocateDirect(READ_SIZE);

	private final List<Integer> ports;

	/**
	 * Connections without a message under way, where messages go to all in turn.
	 */
	private final Deque<Connection> resting = new ArrayDeque<>();

	private boolean takesTurns;

	private boolean sending;

	private Latencies latencies = new Latencies();

	private long messages;

	private long wrongReads;

	/**
	 * Opens the connections.
	 * @param ports the server's ports, which are taken in turn
	 * @param load how it is loaded
	 */
	ClosedLoop(List<Integer> ports, Load load) throws IOException {
		this(ports, load, Wire.plain(load));
	}

	/**
	 * Opens the connections.
	 * @param ports the server's ports, which are taken in turn
	 * @param load how it is loaded
	 * @param wire what a message is in bytes
	 */
	ClosedLoop(List<Integer> ports, Load load, Wire wire) throws IOException {
		this.load = load;
		this.wire = wire;
		this.selector = Selector.open();
		this.ports = ports;
		connect(load.connections());
	}

	/**
	 * Opens further connections.
	 */
	void connect(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			int port = this.ports.get(this.connections.size() % this.ports.size());
			SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
			channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
			ByteChannel messages = this.wire.handshake().perform(channel);
			channel.configureBlocking(false);
			Connection connection = new Connection(channel, messages);
			connection.key = channel.register(this.selector, SelectionKey.OP_READ, connection);
			this.connections.add(connection);
		}
	}

	/**
	 * Runs a quarter of the time unmeasured, then measures.
	 * @param meter read before and after
	 * @throws IOException if the server closes a connection
	 */
	Figures run(double seconds, DoubleSupplier meter) throws IOException {
		long now = System.nanoTime();
		for (Connection connection : this.connections) {
			connection.enqueue(this.load.outstanding(), now);
		}
		return measure(seconds, meter, now);
	}

	/**
	 * The same with a fixed number of messages under way in all, which go to all
	 * connections in turn. When it returns none is under way.
	 * @throws IOException if the server closes a connection
	 */
	Figures runInTurn(double seconds, DoubleSupplier meter, int messages) throws IOException {
		this.takesTurns = true;
		this.sending = true;
		this.resting.clear();
		this.resting.addAll(this.connections);
		long now = System.nanoTime();
		for (int i = 0; i < messages; i++) {
			this.resting.remove().enqueue(1, now);
		}
		Figures figures = measure(seconds, meter, now);
		this.sending = false;
		while (this.resting.size() < this.connections.size()) {
			loopUntil(System.nanoTime() + DRAIN_NANOS);
		}
		return figures;
	}

	private Figures measure(double seconds, DoubleSupplier meter, long now) throws IOException {
		loopUntil(now + (long) (seconds * 0.25e9));
		this.latencies = new Latencies();
		this.messages = 0;
		double before = meter.getAsDouble();
		long start = System.nanoTime();
		loopUntil(start + (long) (seconds * 1e9));
		double elapsed = (System.nanoTime() - start) / 1e9;
		double cost = meter.getAsDouble() - before;
		return new Figures(this.messages / elapsed, this.latencies.percentileMicros(0.5),
				this.latencies.percentileMicros(0.99), cost / this.messages, this.wrongReads);
	}

	private void loopUntil(long end) throws IOException {
		try {
			while (System.nanoTime() - end < 0) {
				this.selector.select(this::ready, SELECT_MILLIS);
			}
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	private void ready(SelectionKey key) {
		Connection connection = (Connection) key.attachment();
		try {
			if (key.isWritable()) {
				connection.push();
			}
			if (key.isReadable()) {
				connection.read();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void answered(Connection connection, int echoes, long now) throws IOException {
		if (!this.takesTurns) {
			connection.enqueue(echoes, now);
			return;
		}
		this.resting.add(connection);
		if (this.sending) {
			this.resting.remove().enqueue(1, now);
		}
	}

	@Override
	public void close() throws IOException {
		for (Connection connection : this.connections) {
			connection.channel.close();
		}
		this.selector.close();
	}

	/**
	 * What was measured.
	 *
	 * @param messagesPerSecond echoes per second
	 * @param p50Micros median time from a send to its echo, in us
	 * @param p99Micros time from a send to its echo that 1 per cent exceed, in us
	 * @param cost what the meter has gone up per message
	 * @param wrongReads reads that differ from what was sent, in bytes or in order
	 */
	record Figures(double messagesPerSecond, double p50Micros, double p99Micros, double cost, long wrongReads) {
	}

	/**
	 * One connection.
	 */
	private final class Connection {

		private final SocketChannel channel;

		private final ByteChannel messages;

		private final @Nullable TlsStream tls;

		private final ByteBuffer outgoing;

		private final ByteBuffer expected;

		private final long[] sentAt = new long[ClosedLoop.this.load.outstanding()];

		private @Nullable SelectionKey key;

		private int nextSend;

		private int nextReceive;

		/** Bytes that are still to be sent. */
		private long queued;

		/** Bytes of the message that is arriving. */
		private int partial;

		private boolean waiting;

		Connection(SocketChannel channel, ByteChannel messages) {
			this.channel = channel;
			this.messages = messages;
			this.tls = (messages instanceof TlsStream stream) ? stream : null;
			this.outgoing = ClosedLoop.this.wire.outgoing().duplicate();
			this.expected = ClosedLoop.this.wire.expected().duplicate();
		}

		void enqueue(int count, long now) throws IOException {
			for (int i = 0; i < count; i++) {
				this.sentAt[this.nextSend] = now;
				this.nextSend = (this.nextSend + 1) % this.sentAt.length;
			}
			this.queued += (long) count * ClosedLoop.this.wire.outgoingBytes();
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
			ByteBuffer input = ClosedLoop.this.input.clear();
			int read = this.messages.read(input);
			if (read < 0) {
				throw new IOException("closed by the server");
			}
			input.flip();
			while (input.hasRemaining()) {
				compare(input);
			}
			this.partial += read;
			int echoes = this.partial / ClosedLoop.this.wire.expectedBytes();
			if (echoes > 0) {
				this.partial -= echoes * ClosedLoop.this.wire.expectedBytes();
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
				ClosedLoop.this.wrongReads++;
			}
			input.position(input.limit()).limit(inputEnd);
			this.expected.position(this.expected.limit());
		}

		private void answered(int echoes) throws IOException {
			long now = System.nanoTime();
			for (int i = 0; i < echoes; i++) {
				ClosedLoop.this.latencies.record(now - this.sentAt[this.nextReceive]);
				this.nextReceive = (this.nextReceive + 1) % this.sentAt.length;
			}
			ClosedLoop.this.messages += echoes;
			ClosedLoop.this.answered(this, echoes, now);
		}

		private static void rewindAtEnd(ByteBuffer buffer) {
			if (buffer.position() == buffer.capacity()) {
				buffer.clear();
			}
		}

	}

}
