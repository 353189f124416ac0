package dev.socketecho.transport.udp.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.IpBits;
import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;

/**
 * The sender of a datagram, and the address of this host that it sent to: all that its
 * answer needs. {@link PeerTable} makes one for each sender and keeps it, with everything
 * that follows from the addresses alone, so that the next datagram costs nothing new.
 * Immutable.
 */
public final class Peer {

	private final IpBits ip;

	private final int scope;

	private final IpBits local;

	private final InetSocketAddress address;

	private final PeerHeaders headers;

	private final @Nullable DropReason refusal;

	private final int trafficClass;

	/**
	 * Creates the sender of a datagram.
	 * @param ip the sender's address
	 * @param port the sender's port
	 * @param scope the zone of a link-local address, 0 for none
	 * @param local the address of this host that the datagram was sent to,
	 * {@link IpBits#NONE} if the socket is bound to one address only
	 * @param refusals returns why an address never gets an answer, {@code null} if it may
	 * get one
	 */
	public Peer(IpBits ip, int port, int scope, IpBits local, Function<InetAddress, @Nullable DropReason> refusals) {
		this.ip = ip;
		this.scope = scope;
		this.local = local;
		this.address = new InetSocketAddress(ip.toAddress(scope), port);
		this.headers = new PeerHeaders(this.address, localAddress());
		this.refusal = refusals.apply(this.address.getAddress());
		this.trafficClass = Arrival.UNKNOWN;
	}

	/**
	 * Creates the receiver of a datagram that is not an answer.
	 * @param address where to send to; resolved
	 */
	public Peer(InetSocketAddress address) {
		this.ip = IpBits.of(address.getAddress());
		this.scope = (address.getAddress() instanceof Inet6Address v6) ? v6.getScopeId() : 0;
		this.local = IpBits.NONE;
		this.address = address;
		this.headers = new PeerHeaders(address, null);
		this.refusal = null;
		this.trafficClass = Arrival.UNKNOWN;
	}

	private Peer(Peer peer, int trafficClass) {
		this.ip = peer.ip;
		this.scope = peer.scope;
		this.local = peer.local;
		this.address = peer.address;
		this.headers = peer.headers;
		this.refusal = peer.refusal;
		this.trafficClass = trafficClass;
	}

	/**
	 * Returns this peer as the receiver of an answer with a traffic class of its own.
	 * @param trafficClass DSCP and ECN, 0 to 255; it has an effect on Linux only
	 * @return the receiver
	 */
	public Peer withTrafficClass(int trafficClass) {
		return new Peer(this, trafficClass);
	}

	boolean is(long high, long low, int port, int scope, long localHigh, long localLow) {
		return this.ip.low() == low && this.ip.high() == high && this.address.getPort() == port
				&& this.local.low() == localLow && this.local.high() == localHigh && this.scope == scope;
	}

	/**
	 * Returns the IP address as numbers.
	 * @return the address
	 */
	public IpBits ip() {
		return this.ip;
	}

	int scope() {
		return this.scope;
	}

	/**
	 * Returns the address of this host that an answer leaves from, {@link IpBits#NONE} if
	 * the kernel is to choose it.
	 */
	IpBits local() {
		return this.local;
	}

	/**
	 * Returns the traffic class of what is sent to it, {@link Arrival#UNKNOWN} for that
	 * of the socket.
	 */
	int trafficClass() {
		return this.trafficClass;
	}

	/**
	 * Returns the port.
	 * @return 0 to 65535
	 */
	public int port() {
		return this.address.getPort();
	}

	/**
	 * Returns the address and port.
	 * @return the address and port
	 */
	public InetSocketAddress address() {
		return this.address;
	}

	/**
	 * Returns the headers of all messages with datagrams of this sender.
	 * @return the headers, without id and timestamp
	 */
	public MessageHeaders headers() {
		return this.headers;
	}

	/**
	 * Returns why this sender never gets an answer.
	 * @return the reason, {@code null} if it may get one
	 */
	public @Nullable DropReason refusal() {
		return this.refusal;
	}

	private @Nullable InetAddress localAddress() {
		return this.local.equals(IpBits.NONE) ? null : this.local.toAddress(0);
	}

}
