package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.List;

/**
 * Which sources may use a server: those in a block of {@code allow}, or all if that is
 * empty, but for those in a block of {@code deny}.
 *
 * @param allow the blocks that may
 * @param deny the blocks that may not
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
	 * Tells whether a source may use the server.
	 * @param source its address
	 * @return whether it may
	 */
	public boolean permits(InetAddress source) {
		return (this.allow.isEmpty() || contains(this.allow, source)) && !contains(this.deny, source);
	}

	private static boolean contains(List<CidrBlock> blocks, InetAddress source) {
		for (CidrBlock block : blocks) {
			if (block.contains(source)) {
				return true;
			}
		}
		return false;
	}

}
