package dev.socketecho;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link HttpTlsEngine}.
 */
class HttpTlsEngineTests {

	@ParameterizedTest
	@ValueSource(strings = { "server.ssl.bundle", "server.ssl.certificate", "management.server.ssl.bundle" })
	void knowsThatHttpHasTls(String name) {
		assertThat(HttpTlsEngine.isSecured(new MockEnvironment().withProperty(name, "x"))).isTrue();
	}

	@Test
	void knowsEnvironmentVariables() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("systemEnvironment", Map.of("SERVER_SSL_BUNDLE", "x")));
		assertThat(HttpTlsEngine.isSecured(environment)).isTrue();
	}

	@Test
	void knowsThatOnlyEchoServersHaveTls() {
		assertThat(HttpTlsEngine.isSecured(new MockEnvironment().withProperty("echo.tcp.servers.line.ssl.bundle", "x")))
			.isFalse();
	}

}
