package dev.socketecho.transport.udp.socket;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.IpBits;
import org.jspecify.annotations.Nullable;

/**
 * Who has sent a datagram, and to which address of this host: what its answer needs. Made
 * once per sender as long as the sender is remembered, with all that is decided by the
 * address alone. Immutable.
 */
public final class Peer {

	private final IpBits ip;

	private final int scope;

	private final IpBits local;

	private final InetSocketAddress address;

	private final PeerHeaders headers;

	private final @Nullable DropReason refusal;

	/**
	 * Creates an instance.
	 * @param ip the sender's address
	 * @param port the sender's port
	 * @param scope the zone of a link-local address, 0 for none
	 * @param local the address that was addressed, {@link IpBits#NONE} if the socket has
	 * but one
	 * @param refusals says why an address never gets an answer
	 */
	public Peer(IpBits ip, int port, int scope, IpBits local, Function<InetAddress, @Nullable DropReason> refusals) {
		this.ip = ip;
		this.scope = scope;
		this.local = local;
		this.address = new InetSocketAddress(ip.toAddress(scope), port);
		this.headers = new PeerHeaders(this.address, localAddress());
		this.refusal = refusals.apply(this.address.getAddress());
	}

	/**
	 * A receiver that has sent nothing.
	 */
	public Peer(InetSocketAddress address) {
		this.ip = IpBits.of(address.getAddress());
		this.scope = (address.getAddress() instanceof Inet6Address v6) ? v6.getScopeId() : 0;
		this.local = IpBits.NONE;
		this.address = address;
		this.headers = new PeerHeaders(address, null);
		this.refusal = null;
	}

	boolean is(long high, long low, int port, int scope, long localHigh, long localLow) {
		return this.ip.low() == low && this.ip.high() == high && this.address.getPort() == port
				&& this.local.low() == localLow && this.local.high() == localHigh && this.scope == scope;
	}

	public IpBits ip() {
		return this.ip;
	}

	int scope() {
		return this.scope;
	}

	/**
	 * The address that was addressed, {@link IpBits#NONE} to let the kernel choose.
	 */
	IpBits local() {
		return this.local;
	}

	public int port() {
		return this.address.getPort();
	}

	public InetSocketAddress address() {
		return this.address;
	}

	public PeerHeaders headers() {
		return this.headers;
	}

	/**
	 * Why this peer never gets an answer, {@code null} if it does.
	 */
	public @Nullable DropReason refusal() {
		return this.refusal;
	}

	private @Nullable InetAddress localAddress() {
		return this.local.equals(IpBits.NONE) ? null : this.local.toAddress(0);
	}

}
