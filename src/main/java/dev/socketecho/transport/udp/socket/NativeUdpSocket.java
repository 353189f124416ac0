package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.socketecho.transport.loop.InheritedSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of Linux. Netty's own datagram channel would do all of this but three
 * things that an echo must not get wrong: it does not send empty datagrams (in a batch it
 * sends a neighbour twice instead), it cannot tell a datagram that was cut, and it cannot
 * choose the address that an answer leaves from. Hence its socket and its event loop, but
 * our own system calls.
 */
final class NativeUdpSocket implements UdpSocket {

	private static final int SOL_SOCKET = 1;

	private static final int SO_MEMINFO = 55;

	private static final int SK_MEMINFO_SIZE = 9 * Integer.BYTES;

	private static final int SK_MEMINFO_DROPS = 8 * Integer.BYTES;

	private final Arena arena = Arena.ofShared();

	private final Socket socket;

	private final InetSocketAddress localAddress;

	private final PeerTable peers;

	private final int maxDatagramSize;

	private final MultiMessageCalls calls = new MultiMessageCalls(this.arena);

	private final MessageVector received;

	private final MessageVector sent;

	private final boolean inherited;

	private final Object closing = new Object();

	private @Nullable SocketWatch watch;

	/** Used by one thread at a time, with {@link #closing} held. */
	private final ByteBuffer memoryInfo = ByteBuffer.allocateDirect(SK_MEMINFO_SIZE).order(ByteOrder.nativeOrder());

	/** What another process's time has to answer for. */
	private final long earlierDrops;

	private long lastDrops;

	private boolean closed;

	/**
	 * Takes over a bound socket.
	 * @param inherited whether another process has the socket, too
	 */
	NativeUdpSocket(Socket socket, PeerTable peers, int maxDatagramSize, boolean inherited) throws IOException {
		this.socket = socket;
		this.inherited = inherited;
		boolean ipv6 = InheritedSocket.isIpv6(socket);
		this.received = new MessageVector(this.arena, BURST, ipv6);
		this.sent = new MessageVector(this.arena, BURST, ipv6);
		this.earlierDrops = readDrops(0);
		this.localAddress = socket.localAddress();
		this.peers = peers;
		this.maxDatagramSize = maxDatagramSize;
		for (int i = 0; i < BURST; i++) {
			this.received.clear(i);
		}
	}

	@Override
	public InetSocketAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public Future<?> attach(IoEventLoop eventLoop, Listener listener) {
		SocketWatch watch = SocketWatch.of(eventLoop, this.socket, listener);
		this.watch = watch;
		return watch.attach(eventLoop);
	}

	@Override
	public void watch(Interest interest) {
		if (this.watch != null) {
			this.watch.watch(interest);
		}
	}

	@Override
	public int receive(ByteBuf buffer, int stride) throws IOException {
		long address = address(buffer, 0, buffer.capacity());
		for (int i = 0; i < BURST; i++) {
			this.received.payload(i, address + (long) i * stride, this.maxDatagramSize);
		}
		int count = this.calls.receive(this.socket.intValue(), this.received.address(), BURST);
		if (count == -MultiMessageCalls.WOULD_BLOCK || count == -MultiMessageCalls.INTERRUPTED) {
			return 0;
		}
		if (count < 0) {
			throw Errors.newIOException("recvmmsg", count);
		}
		return count;
	}

	@Override
	public int length(int index) {
		return this.received.received(index);
	}

	@Override
	public Peer sender(int index) {
		try {
			return this.received.sender(index, this.peers);
		}
		finally {
			this.received.clear(index);
		}
	}

	@Override
	public int send(OutboundDatagram[] queue, int from, int to) throws IOException {
		int count = Math.min(to - from, BURST);
		for (int i = 0; i < count; i++) {
			OutboundDatagram datagram = queue[from + i];
			ByteBuf content = datagram.content();
			int length = content.readableBytes();
			this.sent.payload(i, (length > 0) ? address(content, content.readerIndex(), length) : 0, length);
			this.sent.address(i, datagram.peer(), datagram.port());
		}
		int done = this.calls.send(this.socket.intValue(), this.sent.address(), count);
		if (done == -MultiMessageCalls.WOULD_BLOCK || done == -MultiMessageCalls.INTERRUPTED) {
			return 0;
		}
		if (done < 0) {
			throw Errors.newIOException("sendmmsg", done);
		}
		return done;
	}

	/**
	 * Where a direct buffer is. Whether Netty itself knows depends on the JVM's options.
	 */
	private static long address(ByteBuf buffer, int index, int length) {
		return buffer.hasMemoryAddress() ? buffer.memoryAddress() + index
				: MemorySegment.ofBuffer(buffer.internalNioBuffer(index, length)).address();
	}

	/**
	 * Reads the counter that {@code /proc/net/udp} and {@code udp6} show as
	 * {@code drops}, from the socket itself: those files list all sockets of the network
	 * namespace.
	 */
	@Override
	public long kernelDrops() {
		synchronized (this.closing) {
			if (!this.closed) {
				this.lastDrops = readDrops(this.lastDrops + this.earlierDrops) - this.earlierDrops;
			}
			return this.lastDrops;
		}
	}

	private long readDrops(long otherwise) {
		try {
			this.socket.getRawOpt(SOL_SOCKET, SO_MEMINFO, this.memoryInfo.clear());
			return Integer.toUnsignedLong(this.memoryInfo.getInt(SK_MEMINFO_DROPS));
		}
		catch (IOException ex) {
			// Before Linux 4.12 there is no such count.
			return otherwise;
		}
	}

	@Override
	public void close() {
		synchronized (this.closing) {
			if (this.closed) {
				return;
			}
			kernelDrops();
			this.closed = true;
		}
		if (this.watch != null) {
			this.watch.cancel();
		}
		if (!this.inherited) {
			endPoll();
		}
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// It is closed all the same.
		}
		this.arena.close();
	}

	/**
	 * A poll of io_uring holds the socket open; this ends it. It would end the socket for
	 * all processes that have it.
	 */
	private void endPoll() {
		try {
			this.socket.shutdown(true, true);
		}
		catch (IOException | RuntimeException ex) {
			// ENOTCONN, always
		}
	}

}
