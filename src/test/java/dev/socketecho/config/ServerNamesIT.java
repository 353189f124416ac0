package dev.socketecho.config;

import java.util.stream.Collectors;

import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of servers whose names are alike.
 */
class ServerNamesIT {

	@Test
	void healthHasEachServerWhateverTheirNames() {
		try (ConfigurableApplicationContext context = TestApplication.run("echo.tcp.servers.dns.port=0",
				"echo.tcp.servers.dns-udp.port=0", "echo.tcp.servers.Mixed_Case.port=0", "echo.udp.servers.dns.port=0",
				"echo.udp.servers.dns-udp.port=0", "echo.udp.servers.dns-udp-udp.port=0")) {
			CompositeHealthContributor servers = context.getBean("echoServersHealthContributor",
					CompositeHealthContributor.class);
			assertThat(servers.stream().map(HealthContributors.Entry::name).collect(Collectors.toList()))
				.containsExactlyInAnyOrder("stream", "line", "message", "collect", "dns", "dns-udp", "Mixed_Case",
						"datagram", "dns-udp-udp", "dns-udp-udp-udp", "dns-udp-udp-udp-udp");
			assertThat(transport(servers, "dns")).isEqualTo("tcp");
			assertThat(transport(servers, "dns-udp")).isEqualTo("tcp");
			assertThat(transport(servers, "dns-udp-udp")).isEqualTo("udp");
		}
	}

	private static Object transport(CompositeHealthContributor servers, String name) {
		return ((HealthIndicator) servers.getContributor(name)).health(true).getDetails().get("transport");
	}

}
