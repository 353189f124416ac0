package dev.socketecho.config.diagnostics;

import dev.socketecho.transport.loop.TransportType.TransportUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why a transport cannot be used.
 */
class TransportUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TransportUnavailableException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TransportUnavailableException failure) {
		String description = "Property: echo.transport%n    Value: \"%s\"%n    Reason: %s"
			.formatted(failure.getType().value(), failure.getMessage());
		return new FailureAnalysis(description,
				"Set echo.transport to auto, which takes what this machine has, or to nio, which every machine has.",
				failure);
	}

}
