package dev.socketecho.transport.udp.socket;

import java.net.InetAddress;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.IpBits;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last senders of a socket, so that their next datagrams allocate no
 * address and no headers. The socket asks it for each datagram that it receives. It has
 * fixed memory: a new sender replaces the one that has its place. Confined to one event
 * loop.
 */
public final class PeerTable {

	private static final int SIZE = 1024;

	private final @Nullable Peer[] peers = new @Nullable Peer[SIZE];

	private final Function<InetAddress, @Nullable DropReason> refusals;

	private final long seed;

	/**
	 * Creates a table.
	 * @param refusals returns why an address never gets an answer, {@code null} if it may
	 * get one
	 * @param seed a secret, so that nobody can choose addresses that share a place
	 */
	PeerTable(Function<InetAddress, @Nullable DropReason> refusals, long seed) {
		this.refusals = refusals;
		this.seed = seed;
	}

	/**
	 * Finds a sender, or creates it.
	 * @param high the first 64 bits of its address
	 * @param low the last 64 bits of its address
	 * @param port its port
	 * @param scope the zone of a link-local address, 0 for none
	 * @param localHigh the first 64 bits of the address of this host that it sent to, 0
	 * if unknown
	 * @param localLow the last 64 bits of that address, 0 if unknown
	 */
	Peer peer(long high, long low, int port, int scope, long localHigh, long localLow) {
		int place = (int) (mix(mix(mix(this.seed, high), low + localHigh), localLow ^ ((long) port << 32) ^ scope)
				& (SIZE - 1));
		Peer peer = this.peers[place];
		if (peer == null || !peer.is(high, low, port, scope, localHigh, localLow)) {
			peer = new Peer(new IpBits(high, low), port, scope, new IpBits(localHigh, localLow), this.refusals);
			this.peers[place] = peer;
		}
		return peer;
	}

	/**
	 * Mixes a value into a hash, by the finalizer of SplitMix64.
	 * @param hash the hash so far
	 * @param value any value
	 * @return the new hash
	 */
	public static long mix(long hash, long value) {
		long z = hash ^ value;
		z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
		z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
		return z ^ (z >>> 31);
	}

}
