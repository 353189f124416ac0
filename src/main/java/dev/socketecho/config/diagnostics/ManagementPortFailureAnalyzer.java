package dev.socketecho.config.diagnostics;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says which property of the management port is set although the port itself is not.
 * Spring Boot throws an {@link IllegalStateException} that does not name the property.
 */
class ManagementPortFailureAnalyzer extends AbstractFailureAnalyzer<IllegalStateException> {

	private final Environment environment;

	ManagementPortFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalStateException cause) {
		if (!String.valueOf(cause.getMessage()).startsWith("Management-specific ")) {
			return null;
		}
		return InvalidProperty.analysis(
				Stream.of("management.server.address", "management.server.ssl.enabled", "management.server.ssl.bundle")
					.filter(this.environment::containsProperty)
					.map((property) -> InvalidProperty.of(this.environment, property,
							this.environment.getProperty(property), "needs a management.server.port of its own"))
					.toList(),
				"Set management.server.port, or leave the property out.", cause);
	}

}
