package dev.socketecho.transport.udp.socket;

import java.net.InetAddress;
import java.util.function.Function;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.address.IpBits;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the senders of late, so that a datagram costs no new address and headers.
 * Fixed memory: a sender whose place is taken by another is made anew. Confined to one
 * event loop.
 */
public final class PeerTable {

	private static final int SIZE = 1024;

	private final @Nullable Peer[] peers = new @Nullable Peer[SIZE];

	private final Function<InetAddress, @Nullable DropReason> refusals;

	private final long seed;

	/**
	 * Creates a table.
	 * @param refusals says why an address never gets an answer
	 * @param seed a secret, so that nobody can choose addresses that share a place
	 */
	PeerTable(Function<InetAddress, @Nullable DropReason> refusals, long seed) {
		this.refusals = refusals;
		this.seed = seed;
	}

	/**
	 * Finds or makes a sender.
	 * @param high the first 64 bits of its address
	 * @param low the last 64 bits of its address
	 * @param port its port
	 * @param scope the zone of a link-local address, 0 for none
	 * @param localHigh the first 64 bits of the address that it has addressed
	 * @param localLow the last 64 bits of that
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
	 * Mixes a value into a hash (the finalizer of SplitMix64).
	 */
	public static long mix(long hash, long value) {
		long z = hash ^ value;
		z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
		z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
		return z ^ (z >>> 31);
	}

}
