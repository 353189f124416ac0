package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.Objects;

import io.netty.util.NetUtil;

/**
 * A block of IP addresses (RFC 4632, RFC 4291). Netty's {@code IpSubnetFilterRule} looks
 * host names up, takes no plain address, and allocates for each IPv6 address that it
 * compares.
 */
public final class CidrBlock {

	/** The first address. */
	private final IpBits network;

	/** Which of the first 64 bits count. */
	private final long highMask;

	/** Which of the last 64 bits count. */
	private final long lowMask;

	private CidrBlock(IpBits address, int length) {
		this.highMask = (length >= 64) ? -1L : (length == 0) ? 0 : -1L << (64 - length);
		this.lowMask = (length <= 64) ? 0 : -1L << (128 - length);
		this.network = new IpBits(address.high() & this.highMask, address.low() & this.lowMask);
	}

	/**
	 * Reads a block as it is written.
	 * @param text an IPv4 or IPv6 address, alone or with {@code /} and the prefix' length
	 * @return the block
	 * @throws IllegalArgumentException if it is something else, or if the address has
	 * bits beyond the prefix
	 */
	public static CidrBlock parse(String text) {
		int slash = text.indexOf('/');
		String address = (slash >= 0) ? text.substring(0, slash) : text;
		boolean v4 = NetUtil.isValidIpV4Address(address);
		if (!v4 && (!NetUtil.isValidIpV6Address(address) || address.contains("%") || address.contains("["))) {
			throw new IllegalArgumentException("'%s': not an IP address".formatted(text));
		}
		int most = v4 ? 32 : 128;
		int length = (slash >= 0) ? length(text, text.substring(slash + 1), most) : most;
		CidrBlock block = new CidrBlock(bits(address), length + 128 - most);
		if (!block.network.equals(bits(address))) {
			throw new IllegalArgumentException("'%s': the address has bits beyond the prefix".formatted(text));
		}
		return block;
	}

	private static IpBits bits(String literal) {
		InetAddress address = NetUtil.createInetAddressFromIpAddressString(literal);
		if (address == null) {
			throw new IllegalArgumentException("'%s': not an IP address".formatted(literal));
		}
		return IpBits.of(address);
	}

	private static int length(String text, String digits, int most) {
		if (!digits.matches("[0-9]{1,3}") || Integer.parseInt(digits) > most) {
			throw new IllegalArgumentException("'%s': not a prefix of 0 to %d bits".formatted(text, most));
		}
		return Integer.parseInt(digits);
	}

	/**
	 * Tells whether an address is in the block. IPv4 and IPv6 have nothing in common; an
	 * IPv4 address that is mapped into IPv6 counts as IPv4.
	 * @param address the address
	 * @return whether it is in the block
	 */
	public boolean contains(InetAddress address) {
		IpBits bits = IpBits.of(address);
		return (bits.high() & this.highMask) == this.network.high() && (bits.low() & this.lowMask) == this.network.low()
				&& (isV4() == bits.isV4());
	}

	/**
	 * Whether this is a block of IPv4 addresses: all 96 bits of the mapping count.
	 */
	private boolean isV4() {
		return this.network.isV4() && this.highMask == -1L && (this.lowMask >>> 32) == 0xffffffffL;
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
