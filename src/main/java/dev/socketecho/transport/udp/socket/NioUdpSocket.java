package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

import dev.socketecho.transport.address.IpBits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoOps;
import io.netty.channel.nio.NioSelectableChannelIoHandle;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of the JDK, for systems without a native transport. A system call per
 * datagram; answers leave from the address that the route chooses. Netty's own channel on
 * it sends no empty datagrams.
 */
final class NioUdpSocket implements UdpSocket {

	private final DatagramChannel channel;

	private final InetSocketAddress localAddress;

	private final PeerTable peers;

	private final int[] lengths = new int[BURST];

	private final @Nullable Peer[] senders = new @Nullable Peer[BURST];

	private final KernelDropCounter drops;

	private final boolean countsDrops;

	private @Nullable IoRegistration registration;

	private Interest interest = Interest.DATAGRAMS;

	/**
	 * Takes over a bound channel.
	 * @param first the first of the sockets that share the port, {@code null} if this is
	 * it: what the kernel drops is known of the port only, and the first counts it
	 */
	NioUdpSocket(DatagramChannel channel, PeerTable peers, @Nullable NioUdpSocket first) throws IOException {
		this.channel = channel;
		this.localAddress = (InetSocketAddress) channel.getLocalAddress();
		this.peers = peers;
		this.drops = (first != null) ? first.drops : new KernelDropCounter(this.localAddress.getPort());
		this.countsDrops = first == null;
	}

	@Override
	public InetSocketAddress localAddress() {
		return this.localAddress;
	}

	@Override
	public Future<?> attach(IoEventLoop eventLoop, Listener listener) {
		return eventLoop.register(new Handle(this.channel, listener)).addListener((Future<IoRegistration> future) -> {
			if (future.isSuccess()) {
				this.registration = future.getNow();
				watch(this.interest);
			}
		});
	}

	@Override
	public void watch(Interest interest) {
		this.interest = interest;
		if (this.registration != null && this.registration.isValid()) {
			this.registration.submit(switch (interest) {
				case DATAGRAMS -> NioIoOps.READ;
				case ROOM -> NioIoOps.WRITE;
				case NOTHING -> NioIoOps.NONE;
			});
		}
	}

	@Override
	public int receive(ByteBuf buffer, int stride) throws IOException {
		int count = 0;
		while (count < BURST) {
			ByteBuffer place = buffer.internalNioBuffer(count * stride, stride);
			int start = place.position();
			if (!(this.channel.receive(place) instanceof InetSocketAddress sender)) {
				break;
			}
			IpBits ip = IpBits.of(sender.getAddress());
			int scope = (sender.getAddress() instanceof Inet6Address v6) ? v6.getScopeId() : 0;
			this.lengths[count] = place.position() - start;
			this.senders[count++] = this.peers.peer(ip.high(), ip.low(), sender.getPort(), scope, 0, 0);
		}
		return count;
	}

	@Override
	public int length(int index) {
		return this.lengths[index];
	}

	@Override
	public Peer sender(int index) {
		Peer sender = this.senders[index];
		if (sender == null) {
			throw new IndexOutOfBoundsException(index);
		}
		return sender;
	}

	@Override
	public int send(OutboundDatagram[] queue, int from, int to) throws IOException {
		OutboundDatagram datagram = queue[from];
		ByteBuf content = datagram.content();
		ByteBuffer bytes = content.nioBuffer();
		int length = bytes.remaining();
		InetSocketAddress receiver = new InetSocketAddress(datagram.peer().address().getAddress(), datagram.port());
		int sent = this.channel.send(bytes, receiver);
		// Of an empty one the result does not tell whether it has left; there is always
		// room for it, or the next one waits.
		return (sent == length) ? 1 : 0;
	}

	@Override
	public long kernelDrops() {
		return this.countsDrops ? this.drops.read() : 0;
	}

	@Override
	public void close() {
		this.drops.read();
		if (this.registration != null) {
			this.registration.cancel();
		}
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// It is closed all the same.
		}
	}

	private static final class Handle extends NioSelectableChannelIoHandle<DatagramChannel> {

		private final Listener listener;

		Handle(DatagramChannel channel, Listener listener) {
			super(channel);
			this.listener = listener;
		}

		@Override
		public void close() throws IOException {
			selectableChannel().close();
		}

		@Override
		protected void handle(DatagramChannel channel, SelectionKey key) {
			if (key.isValid() && key.isWritable()) {
				this.listener.writable();
			}
			if (key.isValid() && key.isReadable()) {
				this.listener.readable();
			}
		}

	}

}
