package dev.socketecho.transport.address;

import java.net.InetAddress;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests {@link CidrBlock} and {@link SourceFilter}.
 */
class CidrBlockTests {

	@ParameterizedTest
	@CsvSource({ "10.0.0.0/8, 10.255.255.255, true", "10.0.0.0/8, 11.0.0.0, false", "192.0.2.1, 192.0.2.1, true",
			"192.0.2.1, 192.0.2.2, false", "0.0.0.0/0, 203.0.113.9, true", "0.0.0.0/0, 2001:db8::1, false",
			"::/0, 2001:db8::1, true", "::/0, 192.0.2.1, false", "2001:db8::/33, 2001:db8:7fff::1, true",
			"2001:db8::/33, 2001:db8:8000::1, false", "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
			"2001:db8::/65, 2001:db8::8000:0:0:1, false", "::1, ::1, true", "::1/128, ::2, false",
			"::ffff:10.0.0.0/104, 10.1.2.3, true", "::ffff:10.0.0.1, 10.0.0.1, true", "::ffff:10.0.0.1, ::a00:1, false",
			"127.0.0.0/31, 127.0.0.1, true", "127.0.0.0/31, 127.0.0.2, false", "fe80::/10, ffff::1, false" })
	void containsAddressesOfThePrefix(String block, String address, boolean contained) throws Exception {
		assertThat(CidrBlock.of(block).contains(InetAddress.getByName(address))).isEqualTo(contained);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "localhost", "localhost/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0/8",
			"::/129", "fe80::1%eth0/64", "[::1]", "10.0.0.1/8", "2001:db8::1/64", "10.0.0.0/8/8",
			"::ffff:10.0.0.0/24" })
	void refusesWhatIsNoBlock(String text) {
		assertThatIllegalArgumentException().isThrownBy(() -> CidrBlock.of(text)).withMessageContaining(text);
	}

	@Test
	void isEqualByValue() {
		assertThat(CidrBlock.of("10.0.0.0/8")).isEqualTo(CidrBlock.of("10.0.0.0/8"))
			.hasSameHashCodeAs(CidrBlock.of("10.0.0.0/8"))
			.isNotEqualTo(CidrBlock.of("10.0.0.0/9"));
	}

	@Test
	void emptyAllowPermitsAll() throws Exception {
		assertThat(SourceFilter.ALL.permits(InetAddress.getByName("192.0.2.1"))).isTrue();
	}

	@Test
	void denyWinsOverAllow() throws Exception {
		SourceFilter filter = new SourceFilter(List.of(CidrBlock.of("10.0.0.0/8")),
				List.of(CidrBlock.of("10.1.0.0/16")));
		assertThat(filter.permits(InetAddress.getByName("10.2.0.1"))).isTrue();
		assertThat(filter.permits(InetAddress.getByName("10.1.0.1"))).isFalse();
		assertThat(filter.permits(InetAddress.getByName("192.0.2.1"))).isFalse();
	}

}
