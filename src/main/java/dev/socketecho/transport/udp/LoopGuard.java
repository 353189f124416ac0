package dev.socketecho.transport.udp;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.BitSet;
import java.util.Collection;

import dev.socketecho.transport.address.IpBits;

/**
 * Keeps an echo server out of endless conversations with other servers that answer
 * whatever they get (CVE-2024-2169): datagrams from their ports are not answered, nor
 * those from the ports of this service's own UDP servers, since its other instances
 * listen on the same. Nor is a sender that is no single host. Thread-safe.
 */
final class LoopGuard {

	private final BitSet reflectors = new BitSet();

	private final BoundPorts own;

	/**
	 * Creates a guard.
	 * @param reflectors the ports of reflectors; port 0 is always one
	 * @param own the ports of this service
	 */
	LoopGuard(Collection<Integer> reflectors, BoundPorts own) {
		this.reflectors.set(0);
		reflectors.forEach(this.reflectors::set);
		this.own = own;
	}

	/**
	 * Whether an answer to this port could start a loop.
	 */
	boolean blocks(int port) {
		return this.reflectors.get(port) || this.own.contains(port);
	}

	/**
	 * Whether an answer to this address would go to no host, or to more than one. The
	 * broadcast address of a subnet cannot be told from a host's here; the kernel refuses
	 * to send to it, since the sockets never set {@code SO_BROADCAST}.
	 */
	boolean blocks(InetAddress address) {
		return address.isMulticastAddress() || address.isAnyLocalAddress()
				|| (address instanceof Inet4Address && IpBits.of(address).equals(IpBits.ofV4(-1)));
	}

}
