package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.socketecho.transport.direct.NativeCalls;
import dev.socketecho.transport.loop.InheritedSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket on Linux, for event loops on epoll and io_uring. It is a socket of Netty,
 * watched by an event loop of Netty, but it makes system calls of its own
 * ({@link MultiMessageCalls}). Netty's datagram channel does three things that an echo
 * must not do: it does not send empty datagrams (in a batch, it sends another datagram
 * twice in its place), it does not report a truncated datagram, and it does not choose
 * the address that an answer leaves from.
 */
final class NativeUdpSocket implements UdpSocket {

	private final Arena arena = Arena.ofShared();

	private final Socket socket;

	private final InetSocketAddress localAddress;

	private final PeerTable peers;

	private final int maxDatagramSize;

	private final MultiMessageCalls calls = new MultiMessageCalls(this.arena);

	private final MessageVector received;

	/** How many messages the last receive has filled. */
	private int filled = BURST;

	private final SendBatch batch;

	private final boolean inherited;

	private final KernelDropCounter drops;

	private final AtomicBoolean closed = new AtomicBoolean();

	private @Nullable SocketWatch watch;

	/**
	 * Takes over a bound socket.
	 * @param socket the socket
	 * @param peers the senders, for this socket alone
	 * @param settings what the socket needs
	 * @param inherited whether another process has the socket, too
	 */
	NativeUdpSocket(Socket socket, PeerTable peers, UdpSocketSettings settings, boolean inherited) throws IOException {
		this.socket = socket;
		this.inherited = inherited;
		boolean ipv6 = InheritedSocket.isIpv6(socket);
		this.received = new MessageVector(this.arena, BURST, ipv6, settings.arrivals());
		this.batch = new SendBatch(this.arena, ipv6, settings.options().segmentation() && isSegmenting(socket));
		this.drops = new KernelDropCounter(socket);
		this.localAddress = socket.localAddress();
		this.peers = peers;
		this.maxDatagramSize = settings.maxDatagramSize();
	}

	/**
	 * Whether the kernel can cut a message into datagrams. An older one would ignore that
	 * it is asked to, and send one long datagram.
	 */
	private static boolean isSegmenting(Socket socket) {
		try {
			return socket.getIntOpt(MessageVector.SOL_UDP, MessageVector.UDP_SEGMENT) >= 0;
		}
		catch (IOException ex) {
			return false; // ENOPROTOOPT
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
		for (int i = 0; i < this.filled; i++) {
			this.received.clear(i);
		}
		this.filled = 0;
		long address = address(buffer, 0, buffer.capacity());
		for (int i = 0; i < BURST; i++) {
			this.received.payload(i, address + (long) i * stride, this.maxDatagramSize);
		}
		this.filled = countOf("recvmmsg", this.calls.receive(this.socket.intValue(), this.received.address(), BURST));
		return this.filled;
	}

	@Override
	public int length(int index) {
		return this.received.received(index);
	}

	@Override
	public Peer sender(int index) {
		return this.received.sender(index, this.peers);
	}

	@Override
	public Arrival arrival(int index) {
		return this.received.arrival(index);
	}

	@Override
	public int send(OutboundDatagram[] queue, int from, int to) throws IOException {
		int last = Math.min(to, from + BURST);
		return countOf("sendmmsg", this.batch.send(this.calls, this.socket.intValue(), queue, from, last));
	}

	private static int countOf(String call, int result) throws IOException {
		if (result >= 0) {
			return result;
		}
		if (NativeCalls.isForNow(result)) {
			return 0;
		}
		throw Errors.newIOException(call, result);
	}

	/**
	 * Returns the address of a direct buffer's memory. Whether Netty knows it itself
	 * depends on options of the JVM.
	 */
	static long address(ByteBuf buffer, int index, int length) {
		return buffer.hasMemoryAddress() ? buffer.memoryAddress() + index
				: MemorySegment.ofBuffer(buffer.internalNioBuffer(index, length)).address();
	}

	@Override
	public long kernelDrops() {
		return this.drops.read();
	}

	@Override
	public void close() {
		if (this.closed.getAndSet(true)) {
			return;
		}
		this.drops.stop();
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
			// The descriptor is closed anyway.
		}
		this.arena.close();
	}

	/**
	 * Ends a poll of io_uring, which would hold the socket open. {@code shutdown()}
	 * affects every process that shares the socket, so it is not called on an inherited
	 * one.
	 */
	private void endPoll() {
		try {
			this.socket.shutdown(true, true);
		}
		catch (IOException | RuntimeException ex) {
			// Always ENOTCONN. The poll has ended anyway.
		}
	}

}
