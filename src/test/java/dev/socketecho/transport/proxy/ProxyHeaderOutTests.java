package dev.socketecho.transport.proxy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of which addresses a PROXY protocol header has.
 */
class ProxyHeaderOutTests {

	@ParameterizedTest
	@CsvSource({ "192.0.2.1, 192.0.2.2, TCP4 192.0.2.1 192.0.2.2",
			"2001:db8::1, 2001:db8::2, TCP6 2001:db8::1 2001:db8::2",
			"192.0.2.1, 2001:db8::2, TCP6 ::ffff:192.0.2.1 2001:db8::2",
			"2001:db8::1, 192.0.2.2, TCP6 2001:db8::1 ::ffff:192.0.2.2" })
	void hasAddressesOfOneFamily(String source, String destination, String addresses) throws Exception {
		byte[] header = header(HAProxyProtocolVersion.V1, InetAddress.getByName(source),
				InetAddress.getByName(destination));
		assertThat(new String(header, StandardCharsets.US_ASCII)).isEqualTo("PROXY " + addresses + " 5555 7007\r\n");
	}

	@Test
	void mixedFamiliesTravelAsIpv6InVersion2() throws Exception {
		byte[] header = header(HAProxyProtocolVersion.V2, InetAddress.getByName("192.0.2.1"),
				InetAddress.getByName("2001:db8::2"));
		assertThat(HexFormat.of().formatHex(header, 12, header.length)).isEqualTo(
				"21210024" + "00000000000000000000ffffc0000201" + "20010db8000000000000000000000002" + "15b31b5f");
	}

	@Test
	void ipv4InIpv6sFormIsIpv4AndZonesStayHere() throws Exception {
		byte[] mapped = new byte[16];
		mapped[10] = (byte) 0xff;
		mapped[11] = (byte) 0xff;
		mapped[12] = (byte) 192;
		mapped[15] = 1;
		byte[] linkLocal = new byte[16];
		linkLocal[0] = (byte) 0xfe;
		linkLocal[1] = (byte) 0x80;
		linkLocal[15] = 1;
		assertThat(header(HAProxyProtocolVersion.V1, Inet6Address.getByAddress(null, mapped, 0),
				InetAddress.getByName("192.0.2.2")))
			.asString()
			.startsWith("PROXY TCP4 192.0.0.1 192.0.2.2 ");
		assertThat(header(HAProxyProtocolVersion.V1, Inet6Address.getByAddress(null, linkLocal, 1),
				Inet6Address.getByAddress(null, linkLocal, 1)))
			.asString()
			.startsWith("PROXY TCP6 fe80::1 fe80::1 ");
	}

	private static byte[] header(HAProxyProtocolVersion version, InetAddress source, InetAddress destination)
			throws Exception {
		EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
		channel.writeOutbound(ProxyProtocol.header(version, new InetSocketAddress(source, 5555),
				new InetSocketAddress(destination, 7007)));
		ByteBuf encoded = channel.readOutbound();
		try {
			return ByteBufUtil.getBytes(encoded);
		}
		finally {
			encoded.release();
			channel.finishAndReleaseAll();
		}
	}

}
