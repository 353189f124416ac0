package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.Objects;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * A block of IP addresses (RFC 4632, RFC 4291) in a list of sources or probe targets. An
 * IPv4 address that is mapped into IPv6 counts as IPv4; no IPv4 address is in an IPv6
 * block, {@code ::/0} included. Immutable.
 * <p>
 * Netty's {@code IpSubnetFilterRule} does not fit: it looks up host names, accepts no
 * plain address, and allocates for each IPv6 address that it compares.
 */
public final class CidrBlock {

	/** The length of the prefix that all mapped IPv4 addresses share. */
	private static final int MAPPED_PREFIX = 96;

	/** The first address. */
	private final IpBits network;

	/** Which of the first 64 bits count. */
	private final long highMask;

	/** Which of the last 64 bits count. */
	private final long lowMask;

	private final boolean v4;

	private CidrBlock(IpBits address, int prefix) {
		this.highMask = (prefix >= 64) ? -1L : (prefix == 0) ? 0 : -1L << (64 - prefix);
		this.lowMask = (prefix <= 64) ? 0 : -1L << (128 - prefix);
		this.network = new IpBits(address.high() & this.highMask, address.low() & this.lowMask);
		this.v4 = prefix >= MAPPED_PREFIX && this.network.isV4();
	}

	/**
	 * Parses a block. Spring's conversion of properties calls this. An address with bits
	 * beyond the prefix is rejected: it is more often a mistake than a block.
	 * @param text an IPv4 or IPv6 address, alone or followed by {@code /} and the length
	 * of the prefix
	 * @return the block
	 * @throws IllegalArgumentException if the text is not a block
	 */
	public static CidrBlock of(String text) {
		CidrBlock block = text.matches("[^\\[%]*") ? parse(text, true) : null;
		if (block == null) {
			throw new IllegalArgumentException("'%s' must be an IP address or address/prefix".formatted(text));
		}
		return block;
	}

	/**
	 * Parses a block. IPv6 addresses may be in brackets and have a zone, which does not
	 * count.
	 * @param text what may be a block
	 * @param strict whether an address must not have bits beyond the prefix; else they do
	 * not count
	 * @return the block, {@code null} if the text is not one
	 */
	static @Nullable CidrBlock parse(String text, boolean strict) {
		int slash = text.indexOf('/');
		String literal = (slash >= 0) ? text.substring(0, slash) : text;
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(literal);
		int longest = NetUtil.isValidIpV4Address(literal) ? 32 : 128;
		int prefix = (slash >= 0) ? prefix(text.substring(slash + 1)) : longest;
		if (address == null || prefix > longest) {
			return null;
		}
		IpBits bits = IpBits.of(address);
		CidrBlock block = new CidrBlock(bits, prefix + 128 - longest);
		boolean cutsMapping = bits.isV4() && !block.v4;
		return (cutsMapping || (strict && !block.network.equals(bits))) ? null : block;
	}

	private static int prefix(String digits) {
		return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
	}

	/**
	 * Tells whether an address is in the block.
	 * @param address the address
	 * @return whether it is in the block
	 */
	boolean contains(InetAddress address) {
		return contains(IpBits.of(address));
	}

	/**
	 * Tells whether an address is in the block. Allocates nothing.
	 * @param address the address
	 * @return whether it is in the block
	 */
	boolean contains(IpBits address) {
		return (address.high() & this.highMask) == this.network.high()
				&& (address.low() & this.lowMask) == this.network.low() && this.v4 == address.isV4();
	}

	/**
	 * Returns the block as {@link #of} parses it.
	 */
	@Override
	public String toString() {
		String address = NetUtil.toAddressString(this.network.toAddress(0));
		int prefix = Long.bitCount(this.highMask) + Long.bitCount(this.lowMask);
		return (prefix == 128) ? address : address + "/" + (this.v4 ? prefix - MAPPED_PREFIX : prefix);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof CidrBlock block && block.network.equals(this.network) && block.highMask == this.highMask
				&& block.lowMask == this.lowMask;
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.network, this.highMask, this.lowMask);
	}

}
