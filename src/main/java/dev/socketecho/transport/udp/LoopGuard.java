package dev.socketecho.transport.udp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.Collection;

import dev.socketecho.transport.address.IpBits;
import org.jspecify.annotations.Nullable;

/**
 * Prevents endless conversations between an echo server and another server that answers
 * every datagram (CVE-2024-2169). Datagrams from the ports of such servers are not
 * answered. Neither are datagrams from the ports of this service's own UDP servers,
 * because other instances of it listen on the same ports, nor those whose source is not a
 * single host. {@link UdpAdmission} asks it. Thread-safe.
 */
final class LoopGuard {

	private final BitSet reflectors = new BitSet();

	private final BoundPorts own;

	private final int trusted;

	/**
	 * Creates a guard.
	 * @param reflectors the ports of servers that answer every datagram; port 0 always
	 * counts as one
	 * @param own the ports of this service
	 * @param timed may have a port that is answered although it is one of this service,
	 * {@code null} for none
	 */
	LoopGuard(Collection<Integer> reflectors, BoundPorts own, @Nullable TimedAnswers timed) {
		this.trusted = (timed != null) ? timed.trustedPort() : TimedAnswers.NO_PORT;
		this.reflectors.set(0);
		reflectors.forEach(this.reflectors::set);
		this.own = own;
	}

	/**
	 * Returns whether an answer to this port could start a loop.
	 */
	boolean blocks(int port) {
		return this.reflectors.get(port) || (port != this.trusted && this.own.contains(port));
	}

	/**
	 * Returns whether an answer to this address would go to no host, or to more than one.
	 * The broadcast address of a subnet looks like the address of a host here. The kernel
	 * refuses to send to it, because the sockets do not set {@code SO_BROADCAST}.
	 */
	boolean blocks(InetAddress address) {
		return address.isMulticastAddress() || address.isAnyLocalAddress()
				|| (address instanceof Inet4Address && IpBits.of(address).equals(IpBits.ofV4(-1)));
	}

}
