package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.List;

/**
 * Which sources a server serves: those in a block of {@code allow}, or all if that is
 * empty, except those in a block of {@code deny}. TCP servers ask when they accept a
 * connection, UDP servers when they see a peer for the first time. Immutable.
 *
 * @param allow the blocks that are served; empty for all
 * @param deny the blocks that are not served
 */
public record SourceFilter(List<CidrBlock> allow, List<CidrBlock> deny) {

	/**
	 * All sources.
	 */
	public static final SourceFilter ALL = new SourceFilter(List.of(), List.of());

	public SourceFilter {
		allow = List.copyOf(allow);
		deny = List.copyOf(deny);
	}

	/**
	 * Tells whether a source is served. Allocates the bits of the address once, however
	 * long the lists are.
	 * @param source the source's address
	 * @return whether it is served
	 */
	public boolean permits(InetAddress source) {
		IpBits bits = IpBits.of(source);
		return (this.allow.isEmpty() || contains(this.allow, bits)) && !contains(this.deny, bits);
	}

	private static boolean contains(List<CidrBlock> blocks, IpBits source) {
		for (CidrBlock block : blocks) {
			if (block.contains(source)) {
				return true;
			}
		}
		return false;
	}

}
