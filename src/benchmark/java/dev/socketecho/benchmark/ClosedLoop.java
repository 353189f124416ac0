package dev.socketecho.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The client, on the calling thread: on every connection a number of messages is under
 * way, and each echo is answered with the next message. Every byte is compared with what
 * was sent.
 */
final class ClosedLoop implements AutoCloseable {

	private static final int READ_SIZE = 1 << 18;

	private static final long SELECT_MILLIS = 50;

	private static final long DRAIN_NANOS = 1_000_000;

	/** Servers with small queues get no more connections than this. */
	private static final int SMALL_QUEUES_UP_TO = 64;

	private final Load load;

	private final Wire wire;

	private final Selector selector;

	private final List<ClientConnection> connections = new ArrayList<>();

	private final ByteBuffer input = ByteBuffer.allocateDirect(READ_SIZE);

	private final List<Integer> ports;

	/**
	 * Connections without a message under way, where messages go to all in turn.
	 */
	private final Deque<ClientConnection> resting = new ArrayDeque<>();

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
			ClientConnection connection = new ClientConnection(channel, this.wire, this.load.outstanding(), this);
			connection.register(this.selector);
			this.connections.add(connection);
			int open = this.connections.size();
			if (open <= SMALL_QUEUES_UP_TO && open % AcceptQueue.ROOM == 0) {
				AcceptQueue.awaitEmpty(port);
			}
		}
	}

	/**
	 * Runs a quarter of the time unmeasured, then measures.
	 * @param meter read before and after
	 * @throws IOException if the server closes a connection
	 */
	Figures run(double seconds, DoubleSupplier meter) throws IOException {
		long now = System.nanoTime();
		for (ClientConnection connection : this.connections) {
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
		ClientConnection connection = (ClientConnection) key.attachment();
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

	/**
	 * Goes on with a connection whose messages have been answered.
	 * @param echoes how many
	 * @param now the time, as {@link System#nanoTime()} has it
	 */
	void answered(ClientConnection connection, int echoes, long now) throws IOException {
		this.messages += echoes;
		if (!this.takesTurns) {
			connection.enqueue(echoes, now);
			return;
		}
		this.resting.add(connection);
		if (this.sending) {
			this.resting.remove().enqueue(1, now);
		}
	}

	/**
	 * Takes note of the time from a send to its echo.
	 */
	void took(long nanos) {
		this.latencies.record(nanos);
	}

	/**
	 * Takes note of bytes that are not what was sent.
	 */
	void wrong() {
		this.wrongReads++;
	}

	/**
	 * Where all connections read to, in turn.
	 */
	ByteBuffer input() {
		return this.input.clear();
	}

	@Override
	public void close() throws IOException {
		for (ClientConnection connection : this.connections) {
			connection.close();
		}
		this.selector.close();
	}

}
