package dev.socketecho.transport.udp.socket;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link PortDropCounter}.
 */
class PortDropCounterTests {

	private static final String HEAD = "   sl  local_address                         remote_address                        "
			+ "st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops\n";

	@TempDir
	Path directory;

	@Test
	void sumsTheSocketsOfThePort() throws Exception {
		Path v4 = Files.writeString(this.directory.resolve("udp"), HEAD
				+ " 1137: 0100007F:1B5F 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 11 2 0 5\n"
				+ " 1138: 0100007F:1B60 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 12 2 0 70\n");
		Path v6 = Files.writeString(this.directory.resolve("udp6"), HEAD
				+ " 1137: 00000000000000000000000000000000:1B5F 00000000000000000000000000000000:0000 07 00000000:00000000"
				+ " 00:00000000 00000000     0        0 13 2 0 600\n");
		PortDropCounter counter = new PortDropCounter(0x1b5f, List.of(v4, v6));
		assertThat(counter.read()).isEqualTo(605);
		Files.writeString(v6, HEAD);
		assertThat(counter.read()).as("after the socket is gone").isEqualTo(605);
	}

	@Test
	void isZeroWithoutLists() {
		assertThat(new PortDropCounter(7, List.of(this.directory.resolve("none"))).read()).isZero();
	}

}
