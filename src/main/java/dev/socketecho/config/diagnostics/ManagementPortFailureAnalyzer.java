package dev.socketecho.config.diagnostics;

import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says which property of a management port is set though there is no such port. Spring
 * Boot throws without naming it.
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
		return new FailureAnalysis(
				Stream.of("management.server.address", "management.server.ssl.enabled", "management.server.ssl.bundle")
					.filter(this.environment::containsProperty)
					.map(this::describe)
					.collect(Collectors.joining("%n%n".formatted())),
				"Set management.server.port, or leave the property out.", cause);
	}

	private String describe(String property) {
		return "Property: %s%n    Value: \"%s\"%n    Reason: needs a management.server.port of its own"
			.formatted(property, this.environment.getProperty(property));
	}

}
