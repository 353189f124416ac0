package dev.socketecho.transport.address;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;

/**
 * An IP address as the 128 bits of an IPv6 address; an IPv4 address is mapped (RFC 4291,
 * 2.5.5.2). Comparing and hashing these costs no object.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record IpBits(long high, long low) {

	/**
	 * No address: the kernel chooses.
	 */
	public static final IpBits NONE = new IpBits(0, 0);

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final long MAPPED = 0xffffL << 32;

	/**
	 * The bits of an address.
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
	 * The bits of an IPv4 address.
	 */
	public static IpBits ofV4(int address) {
		return new IpBits(0, mapped(address));
	}

	/**
	 * The last 64 bits of an IPv4 address; the first are 0.
	 */
	public static long mapped(int v4) {
		return MAPPED | (v4 & 0xffffffffL);
	}

	/**
	 * Whether the bits are those of an IPv4 address.
	 */
	public static boolean isV4(long high, long low) {
		return high == 0 && (low & 0xffffffff00000000L) == MAPPED;
	}

	/**
	 * Whether this is an IPv4 address.
	 */
	public boolean isV4() {
		return isV4(this.high, this.low);
	}

	/**
	 * The address as an object.
	 * @param scope the zone of a link-local address, 0 for none
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
			throw new IllegalStateException(ex); // only for a wrong length
		}
	}

}
