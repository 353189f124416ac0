package dev.socketecho.transport.tcp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * PROXY protocol headers.
 */
public final class ProxyHeaders {

	private static final byte[] V2_SIGNATURE = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54,
			0x0a };

	private ProxyHeaders() {
	}

	static byte[] v1(String line) {
		return (line + "\r\n").getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * A header of version 2 that names a source.
	 */
	static byte[] v2(String source, int port, byte... tlvs) {
		byte[] address = address(source);
		ByteBuffer addresses = ByteBuffer.allocate(2 * address.length + 4 + tlvs.length);
		addresses.put(address).put(address).putShort((short) port).putShort((short) 7007).put(tlvs);
		return v2(0x21, (address.length == 4) ? 0x11 : 0x21, addresses.array());
	}

	/**
	 * A header of version 2 of any content.
	 */
	static byte[] v2(int versionAndCommand, int familyAndProtocol, byte[] rest) {
		return ByteBuffer.allocate(16 + rest.length)
			.put(V2_SIGNATURE)
			.put((byte) versionAndCommand)
			.put((byte) familyAndProtocol)
			.putShort((short) rest.length)
			.put(rest)
			.array();
	}

	private static byte[] address(String literal) {
		try {
			return InetAddress.getByName(literal).getAddress();
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
