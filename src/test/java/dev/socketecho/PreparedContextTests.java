package dev.socketecho;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class PreparedContextTests {

	private static final String PACKAGED = "Config resource 'class path resource [application.yml]' via location "
			+ "'optional:classpath:/'";

	@ParameterizedTest
	@ValueSource(strings = { "echo.tcp.servers.line.port", "echo.tcp.clients.a.host", "server.port",
			"management.endpoint.faults.access", "spring.lifecycle.timeout-per-shutdown-phase",
			"spring.ssl.bundle.pem.a.keystore.certificate", "spring.profiles.active", "logging.level.root",
			"managements" })
	void usesTheDefinitionsOfTheBuildWithPropertiesOfServers(String name) {
		assertThat(isAsPrepared(new MapPropertySource("args", Map.of(name, "x")))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "management.server.port", "management.endpoint.heapdump.access",
			"management.endpoints.web.exposure.include", "spring.main.web-application-type", "spring.jmx.enabled",
			"server.forward-headers-strategy", "echo.web.enabled", "debug", "trace" })
	void usesThemNotWithAPropertyThatConditionsLookAt(String name) {
		assertThat(isAsPrepared(new MapPropertySource("args", Map.of(name, "x")))).isFalse();
	}

	@Test
	void knowsTheNamesOfEnvironmentVariables() {
		assertThat(isAsPrepared(environment("ECHO_TCP_SERVERS_LINE_PORT"))).isTrue();
		assertThat(isAsPrepared(environment("MANAGEMENT_SERVER_PORT"))).isFalse();
	}

	@Test
	void doesNotLookAtTheFileThatTheBuildKnows() {
		assertThat(isAsPrepared(new MapPropertySource(PACKAGED, Map.of("management.info.os.enabled", "true"))))
			.isTrue();
	}

	@Test
	void usesThemNotWithASourceWhoseNamesAreUnknown() {
		assertThat(isAsPrepared(new PropertySource<>("unknown", new Object()) {

			@Override
			public Object getProperty(String name) {
				return "x";
			}

		})).isFalse();
	}

	private static SystemEnvironmentPropertySource environment(String name) {
		return new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				Map.of(name, "x"));
	}

	private static boolean isAsPrepared(PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((system) -> environment.getPropertySources().remove(system.getName()));
		environment.getPropertySources().addFirst(source);
		ConfigurationPropertySources.attach(environment);
		return PreparedContext.isAsPrepared(environment);
	}

}
