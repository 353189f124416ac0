package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
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
 * A UDP socket of the JDK, for systems without a native transport. Each datagram takes a
 * system call of its own, and an answer leaves from the address that the route chooses.
 * It is not Netty's datagram channel on NIO, because that does not send empty datagrams.
 */
final class NioUdpSocket implements UdpSocket {

	private final DatagramChannel channel;

	private final InetSocketAddress localAddress;

	private final PeerTable peers;

	private final int[] lengths = new int[BURST];

	private final @Nullable Peer[] senders = new @Nullable Peer[BURST];

	/** When each was received, {@code null} if nobody asks. */
	private final long @Nullable [] times;

	private final PortDropCounter drops;

	private final boolean countsDrops;

	private @Nullable IoRegistration registration;

	private Interest interest = Interest.DATAGRAMS;

	private NioUdpSocket(DatagramChannel channel, PeerTable peers, @Nullable NioUdpSocket first, boolean arrivals)
			throws IOException {
		this.times = arrivals ? new long[BURST] : null;
		this.channel = channel;
		this.localAddress = (InetSocketAddress) channel.getLocalAddress();
		this.peers = peers;
		this.drops = (first != null) ? first.drops : new PortDropCounter(this.localAddress.getPort());
		this.countsDrops = first == null;
	}

	/**
	 * Opens a socket, binds it and joins the groups.
	 * @param settings what it needs
	 * @param address where to bind it
	 * @param peers the senders, for this socket alone
	 * @param first the first of the sockets that share the port, {@code null} if this is
	 * it: what the kernel drops is known for the port only, and the first socket counts
	 * it
	 */
	static NioUdpSocket open(UdpSocketSettings settings, InetSocketAddress address, PeerTable peers,
			@Nullable NioUdpSocket first) throws IOException {
		boolean v4 = address.getAddress() instanceof Inet4Address && settings.address() != null;
		DatagramChannel channel = v4 ? DatagramChannel.open(StandardProtocolFamily.INET) : DatagramChannel.open();
		try {
			channel.configureBlocking(false);
			setOptions(channel, settings);
			channel.bind(address);
			NioMulticast.join(channel, settings.multicast(), address.getAddress());
			return new NioUdpSocket(channel, peers, first, settings.arrivals());
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	private static void setOptions(DatagramChannel channel, UdpSocketSettings settings) throws IOException {
		UdpSocketOptions options = settings.options();
		// The JDK sets it to true, and a forged source could be the address of a subnet.
		channel.setOption(StandardSocketOptions.SO_BROADCAST, false);
		if (options.reuseAddress() || settings.portSharing()) {
			channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
		}
		if (options.reusePort()) {
			channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
		}
		setOption(channel, StandardSocketOptions.SO_RCVBUF, options.receiveBufferSize());
		setOption(channel, StandardSocketOptions.SO_SNDBUF, options.sendBufferSize());
		setOption(channel, StandardSocketOptions.IP_TOS, options.trafficClass());
	}

	private static <T> void setOption(DatagramChannel channel, SocketOption<T> option, @Nullable T value)
			throws IOException {
		if (value != null) {
			channel.setOption(option, value);
		}
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
			if (this.times != null) {
				this.times[count] = Arrival.now();
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
	public Arrival arrival(int index) {
		return new Arrival((this.times != null) ? this.times[index] : Arrival.now(), Arrival.MAX_HOP_LIMIT,
				Arrival.UNKNOWN);
	}

	@Override
	public int send(OutboundDatagram[] queue, int from, int to) throws IOException {
		OutboundDatagram datagram = queue[from];
		ByteBuf content = datagram.finished();
		ByteBuffer bytes = content.nioBuffer();
		int length = bytes.remaining();
		InetSocketAddress receiver = new InetSocketAddress(datagram.peer().address().getAddress(), datagram.port());
		int sent = this.channel.send(bytes, receiver);
		// An empty datagram always gives 0. It counts as sent: the socket nearly always
		// has room for it. If not, this one is lost, and the next datagram waits.
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
			// The descriptor is closed anyway.
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
