package dev.socketecho.actuate;

import dev.socketecho.app.EchoService;
import dev.socketecho.app.EchoServiceTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of {@code /actuator/info}.
 */
@EchoServiceTest
class InfoIT {

	private final EchoService service;

	@Autowired
	InfoIT(EchoService service) {
		this.service = service;
	}

	@Test
	void showsWhatWasBuilt() {
		assertThat(this.service.actuator().<String>json("info", "$.build.artifact")).isEqualTo("socket-echo");
		assertThat(this.service.actuator().<String>json("info", "$.build.version")).isNotEmpty();
	}

	@Test
	void showsTheCommitIfTheBuildKnewIt() {
		assumeTrue(getClass().getResource("/git.properties") != null, "built without git");
		assertThat(this.service.actuator().<String>json("info", "$.git.commit.id")).matches("[0-9a-f]{7,}");
	}

	@Test
	void showsTheJavaVersion() {
		assertThat(this.service.actuator().<String>json("info", "$.java.version"))
			.isEqualTo(System.getProperty("java.version"));
	}

}
