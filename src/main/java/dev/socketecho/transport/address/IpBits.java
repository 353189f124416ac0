package dev.socketecho.transport.address;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * An IP address as the 128 bits of an IPv6 address; an IPv4 address is mapped (RFC 4291,
 * 2.5.5.2). Comparing and hashing these allocates nothing.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpBits(long high, long low) {

	/**
	 * No address: the kernel chooses one.
	 */
	public static final IpBits NONE = new IpBits(0, 0);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final long MAPPED = 0xffffL << 32;

	/**
	 * Returns the bits of an address.
	 * @param address the address, whose zone does not count
	 * @return its bits
	 */
	public static IpBits of(InetAddress address) {
		byte[] bytes = address.getAddress();
		if (bytes.length == 4) {
			return ofV4(((bytes[0] & 0xff) << 24) | ((bytes[1] & 0xff) << 16) | ((bytes[2] & 0xff) << 8)
					| (bytes[3] & 0xff));
		}
		return new IpBits((long) LONGS.get(bytes, 0), (long) LONGS.get(bytes, 8));
	}

	/**
	 * Returns the bits of an IPv4 address.
	 * @param address the address in network order
	 * @return its bits
	 */
	public static IpBits ofV4(int address) {
		return new IpBits(0, mapped(address));
	}

	/**
	 * Returns the last 64 bits of an IPv4 address; the first are 0. For callers that must
	 * not allocate.
	 * @param v4 the address in network order
	 * @return the last 64 bits
	 */
	public static long mapped(int v4) {
		return MAPPED | (v4 & 0xffffffffL);
	}

	/**
	 * Tells whether bits are those of an IPv4 address. For callers that must not
	 * allocate.
	 * @param high the first 64 bits
	 * @param low the last 64 bits
	 * @return whether it is an IPv4 address
	 */
	public static boolean isV4(long high, long low) {
		return high == 0 && (low & 0xffffffff00000000L) == MAPPED;
	}

	/**
	 * Tells whether this is an IPv4 address.
	 * @return whether this is an IPv4 address
	 */
	public boolean isV4() {
		return isV4(this.high, this.low);
	}

	/**
	 * Returns the address as the JDK has it.
	 * @param scope the zone of a link-local address, 0 for none
	 * @return the address
	 */
	public InetAddress toAddress(int scope) {
		try {
			if (isV4()) {
				int v4 = (int) this.low;
				return InetAddress
					.getByAddress(new byte[] { (byte) (v4 >>> 24), (byte) (v4 >>> 16), (byte) (v4 >>> 8), (byte) v4 });
			}
			byte[] bytes = new byte[16];
			LONGS.set(bytes, 0, this.high);
			LONGS.set(bytes, 8, this.low);
			return (scope != 0) ? Inet6Address.getByAddress(null, bytes, scope) : InetAddress.getByAddress(bytes);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex); // thrown for a wrong length only
		}
	}

}
