package dev.socketecho.config.diagnostics;

import dev.socketecho.config.FailureReason;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which SSL bundle cannot be created, and why. Spring Boot prints a stack trace for
 * a missing file or a wrong password.
 */
class SslBundleFailureAnalyzer extends AbstractFailureAnalyzer<IllegalStateException> {

	private static final String MESSAGE = "Unable to register SSL bundle";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, IllegalStateException failure) {
		String message = failure.getMessage();
		if (message == null || !message.startsWith(MESSAGE)) {
			return null;
		}
		return new FailureAnalysis("%s: %s".formatted(message, FailureReason.of(failure)),
				"Correct the bundle's properties under spring.ssl.bundle: its files and passwords.", failure);
	}

}
